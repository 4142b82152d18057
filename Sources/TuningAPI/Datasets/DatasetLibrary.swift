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

/// A data set whose files are to be fetched.
public struct DatasetFetch: Sendable {
  /// A file of it.
  public enum Source: Sendable {
    /// One that lies on this machine.
    case file(DatasetUpload.File)
    /// One to fetch, and the SHA-256 that it must have.
    case url(String, sha256: String)
  }

  public var name: String
  public var format: String
  public var scaling: String
  /// In the order that the format wants.
  public var sources: [Source]
}

/// A data set that is not ready.
public struct DatasetImportStatus: Sendable, Hashable {
  /// How far it is.
  public enum State: String, Sendable { case importing, failed }

  public var name: String
  public var state: State
  /// Why it failed, in one sentence; nil while it is importing.
  public var detail: String?
  /// The format and the files, as a data set's `origin` will name them.
  public var origin: String
  /// Bytes fetched since the service took it up.
  public var receivedBytes: Int
  /// Makes a status.
  public init(name: String, state: State, detail: String?, origin: String, receivedBytes: Int) {
    self.name = name
    self.state = state
    self.detail = detail
    self.origin = origin
    self.receivedBytes = receivedBytes
  }
}

/// Why a data set could not be brought in or taken away.
public enum DatasetRefusal: Error, Sendable {
  /// The files or the name are not right; one sentence that names file and row.
  case invalid(String)
  /// The name has another content, or the data set may not be deleted.
  case conflict(String)
  /// There is no such data set; one sentence.
  case unknown(String)
  /// The machine does not let it happen now; one sentence that names what it refused. Nothing was changed.
  case unavailable(String)
}

/// What became of a wish to fetch a data set.
public enum DatasetFetchOutcome: Sendable {
  /// It exists already, made of the same files.
  case standing(DatasetFacts)
  case importing(DatasetImportStatus)
}

/// A place for the files of one upload, written one after the other; its methods wait for the disk.
public protocol UploadPlace: AnyObject {
  /// Begins a file, and tells its path.
  func begin() throws(DatasetRefusal) -> String
  /// Adds to the file that was begun last.
  func write(_ bytes: [UInt8]) throws(DatasetRefusal)
  /// Ends the file that was begun last.
  func end() throws(DatasetRefusal)
  /// Takes away what is still there of all the files.
  func discard()
}

/// Bringing data sets in: the port that composition fills.
public protocol DatasetLibrary: Sendable {
  /// The formats' names.
  var formats: [String] { get }
  /// The data folder, where paths in requests lie; nil where there is none.
  var folder: String? { get }
  /// A new place for the files of an upload; waits for the disk. The caller discards it.
  func place() throws(DatasetRefusal) -> any UploadPlace
  /// Returns when the context tells at once of a data set, or of all for nil: soon after a start their files are still
  /// being read, which may take seconds. Throws where the machine does not let them be read now.
  func examined(_ name: String?) async throws(DatasetRefusal)
  /// Validates files and keeps them under the name; whether the name is new. The files are moved or copied.
  func add(_ upload: DatasetUpload, moving: Bool) async throws(DatasetRefusal) -> (facts: DatasetFacts, isNew: Bool)
  /// What is wrong with a URL, for a sentence that begins with it; nil where nothing is.
  func fault(inURL url: String) -> String?
  /// Begins to fetch a data set, or finds the existing one with the same files; nothing is awaited but the disk.
  func fetch(_ fetch: DatasetFetch) async throws(DatasetRefusal) -> DatasetFetchOutcome
  /// The data sets that are not ready, by name.
  func imports() -> [DatasetImportStatus]
  /// Takes a data set away that was brought in, or ends its import.
  func remove(_ name: String) async throws(DatasetRefusal)
}
