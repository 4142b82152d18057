import Foundation
import StudyDefinitions

/// A data set on its way in.
public struct DatasetUpload: Sendable {
  /// A file as it lies on this machine, and the name that messages call it by.
  public struct File: Sendable {
    public var path: String
    public var name: String
    /// Makes a file.
    public init(path: String, name: String) {
      self.path = path
      self.name = name
    }
  }

  public var name: String
  /// One of the library's formats.
  public var format: String
  /// How CSV's columns are scaled: `standard` or `none`.
  public var scaling: String
  /// In the order that the format wants.
  public var files: [File]
}

/// Why a data set could not be brought in or taken away.
public enum DatasetRefusal: Error, Sendable {
  /// The files or the name are not right; one sentence that names file and row.
  case invalid(String)
  /// The name stands for another content, or the data set may not be deleted.
  case conflict(String)
  case unknown(String)
  case diskFull
}

/// Bringing data sets in: the port that composition fills.
public protocol DatasetLibrary: Sendable {
  /// The formats' names.
  var formats: [String] { get }
  /// The data folder, where paths in requests lie; nil where there is none.
  var folder: String? { get }
  /// A new folder for files on their way in; the caller takes it away.
  func stage() throws -> String
  /// Validates files and keeps them under the name; whether the name is new. The files are moved or copied.
  func add(_ upload: DatasetUpload, moving: Bool) async throws(DatasetRefusal) -> (facts: DatasetFacts, isNew: Bool)
  /// Takes a data set away that was brought in.
  func remove(_ name: String) async throws(DatasetRefusal)
}
