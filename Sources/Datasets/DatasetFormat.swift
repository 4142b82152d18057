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
  static func read(_ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits) throws -> DatasetContent
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

extension DatasetFile {
  /// The file's size in bytes; throws where it is no regular file (a pipe would never end) or larger than allowed.
  func checkedSize(_ limits: DatasetLimits) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw cannotBeRead }
    return try checkedSize(status, limits)
  }

  private var cannotBeRead: DatasetError {
    DatasetError(.unreadable, file: name, "the file cannot be read; it must exist and be readable")
  }

  private func checkedSize(_ status: stat, _ limits: DatasetLimits) throws -> Int {
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DatasetError(.unreadable, file: name, "this is not a regular file; a data set must lie in one")
    }
    guard Int(status.st_size) <= limits.fileBytes else {
      throw DatasetError(
        .tooLarge, file: name, "the file has \(status.st_size) bytes; at most \(limits.fileBytes) are allowed")
    }
    return Int(status.st_size)
  }

  /// Copies the file, as far as it is a regular one and not larger than allowed; throws what is wrong with it, or that the
  /// copy could not be written. O(size).
  public func copy(to target: String, limits: DatasetLimits = .standard) throws {
    // A plain open of a pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotBeRead }
    let source = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw cannotBeRead }
    var left = try checkedSize(status, limits)
    guard FileManager.default.createFile(atPath: target, contents: nil),
      let copy = FileHandle(forWritingAtPath: target)
    else { throw CocoaError(.fileWriteUnknown) }
    defer { try? copy.close() }
    // What is added meanwhile is left out.
    while left > 0 {
      guard let piece = try? source.read(upToCount: min(left, 1 << 20)) else { throw cannotBeRead }
      if piece.isEmpty { return }
      try copy.write(contentsOf: piece)
      left -= piece.count
    }
  }

  /// The whole file.
  func bytes(_ limits: DatasetLimits) throws -> [UInt8] {
    _ = try checkedSize(limits)
    guard let data = FileManager.default.contents(atPath: path) else { throw cannotBeRead }
    return [UInt8](data)
  }
}
