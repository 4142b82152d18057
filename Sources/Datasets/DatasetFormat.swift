/// A file format that data sets are read from.
public protocol DatasetFormat: Sendable {
  /// The name in requests (`csv`).
  static var name: String { get }
  /// One sentence for a person: which files, in which order.
  static var summary: String { get }
  /// How its files are named.
  static var fileNames: FormatFileNames { get }
  /// Finds its data sets in a folder by their files' names, and takes those files out of what is left; nothing by default.
  static func find(in scan: inout FolderScan)
  /// Reads and validates files in the order of `summary`; every fault is thrown as a `DatasetError`.
  static func read(
    _ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits, rules: ReadingRules
  ) throws -> DatasetContent
}

extension DatasetFormat {
  public static func find(in scan: inout FolderScan) {}

  /// Reads and validates files by the rules for what is brought in now.
  public static func read(
    _ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits
  ) throws -> DatasetContent {
    try read(files, scaling: scaling, limits: limits, rules: .current)
  }
}
