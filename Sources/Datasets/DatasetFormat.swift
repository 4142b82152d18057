import Foundation

/// A file to read: where it lies, and the name that messages call it by.
public struct DatasetFile: Sendable, Hashable, Codable {
  /// The path.
  public var path: String
  /// What messages call it.
  public var name: String

  /// A file called by its last path component unless a name is given.
  public init(path: String, name: String? = nil) {
    self.path = path
    self.name = name ?? URL(fileURLWithPath: path).lastPathComponent
  }
}

/// How CSV's features are scaled.
public enum FeatureScaling: String, Sendable, Hashable, CaseIterable, Codable {
  /// Each column minus the first part's mean, divided by its standard deviation (population).
  case standard
  /// Unchanged.
  case none
}

/// A file format that data sets are read from.
public protocol DatasetFormat: Sendable {
  /// The name in requests (`csv`).
  static var name: String { get }
  /// One sentence for a person: which files, in which order.
  static var summary: String { get }
  /// Reads and validates files in the order of `summary`; every fault is thrown as a `DatasetError`.
  static func read(
    _ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits, rules: ReadingRules
  ) throws -> DatasetContent
}

extension DatasetFormat {
  /// Reads and validates files by the rules for what is brought in now.
  public static func read(
    _ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits
  ) throws -> DatasetContent {
    try read(files, scaling: scaling, limits: limits, rules: .current)
  }
}

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

/// Every format; a new one is a file of its own and a line here.
public enum DatasetFormats {
  /// Every format, by name.
  public static let all: [any DatasetFormat.Type] = [CSVFormat.self, HDF5Format.self, IDXFormat.self]

  /// The format of a name.
  public static func named(_ name: String) -> (any DatasetFormat.Type)? { all.first { $0.name == name } }
}
