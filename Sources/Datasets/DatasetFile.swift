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
