/// What a data set may take.
public struct DatasetLimits: Sendable, Hashable, Codable {
  /// Features of both parts together, each 4 bytes in memory.
  public var features: Int
  /// Bytes of one file as it lies on disk.
  public var fileBytes: Int
  /// Classes.
  public var classes: Int

  /// Makes limits; by default 537 million features (512 MiB in memory as pixels, 2 GiB as numbers), 1 GiB a file and
  /// 10,000 classes.
  public init(features: Int = 1 << 29, fileBytes: Int = 1 << 30, classes: Int = 10_000) {
    self.features = features
    self.fileBytes = fileBytes
    self.classes = classes
  }

  /// The limits by default.
  public static let standard = DatasetLimits()
}
