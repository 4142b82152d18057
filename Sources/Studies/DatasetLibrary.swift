import DataFacts
import StudyDefinitions

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

/// What became of a wish to fetch a data set.
public enum DatasetFetchOutcome: Sendable {
  /// It exists already, made of the same files.
  case exists(DatasetFacts)
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

/// Bringing data sets in: the port that another room implements.
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
  /// Takes a data set away that was brought in and that no study needs, or ends its import.
  func remove(_ name: String) async throws(DatasetRefusal)
}
