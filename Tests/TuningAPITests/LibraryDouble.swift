import Foundation
import Studies
import StudyDefinitions

@testable import TuningAPI

/// A library that keeps names alone: what the routes make of a library's answers is tested with it.
///
/// `@unchecked Sendable`: the variables are read and written under the lock alone.
final class LibraryDouble: DatasetLibrary, @unchecked Sendable {
  let formats = ["csv"]
  let folder: String?
  private let lock = NSLock()
  private var datasets: [String: DatasetFacts] = [:]
  private var fetching: [String: DatasetImportStatus] = [:]

  init(folder: String? = nil) { self.folder = folder }

  /// What the machine does not let happen, if anything.
  var trouble: Trouble? {
    get { lock.withLock { underTrouble } }
    set { lock.withLock { underTrouble = newValue } }
  }
  private var underTrouble: Trouble?

  /// A call that is refused.
  enum Trouble: CaseIterable { case place, begin, write, end, examine, add, fetch, remove }

  static let refusal = DatasetRefusal.unavailable("The disk is full.")

  private func check(_ call: Trouble) throws(DatasetRefusal) { if trouble == call { throw Self.refusal } }

  /// The uploads whose files nobody has discarded.
  var placesInUse: Int { lock.withLock { inUse } }
  private var inUse = 0

  private final class Place: UploadPlace {
    let library: LibraryDouble
    init(_ library: LibraryDouble) { self.library = library }
    func begin() throws(DatasetRefusal) -> String {
      try library.check(.begin)
      return "/nowhere"
    }
    func write(_ bytes: [UInt8]) throws(DatasetRefusal) { try library.check(.write) }
    func end() throws(DatasetRefusal) { try library.check(.end) }
    func discard() { library.lock.withLock { library.inUse -= 1 } }
  }

  func place() throws(DatasetRefusal) -> any UploadPlace {
    try check(.place)
    lock.withLock { inUse += 1 }
    return Place(self)
  }

  func examined(_ name: String?) async throws(DatasetRefusal) { try check(.examine) }

  func add(_ upload: DatasetUpload, moving: Bool) async throws(DatasetRefusal) -> (facts: DatasetFacts, isNew: Bool) {
    try check(.add)
    guard upload.name.utf8.allSatisfy({ $0 > 0x60 }) else { throw .invalid("the name is not valid.") }
    let sha256 = String(repeating: "\(upload.files.count)", count: 64)
    let facts = DatasetFacts(
      name: upload.name, examples: 4, secondPartExamples: 0, shape: [2], classes: ["no", "yes"],
      examplesPerClass: [2, 2], sha256: sha256, origin: upload.files.map(\.name).joined(separator: ", "))
    let standing = lock.withLock {
      let standing = datasets[upload.name]
      if standing == nil { datasets[upload.name] = facts }
      return standing
    }
    guard let standing else { return (facts, true) }
    guard standing.sha256 == sha256 else { throw .conflict("the name has different content.") }
    return (standing, false)
  }

  func fault(inURL url: String) -> String? { url.hasPrefix("http") ? nil : "must begin with http" }

  /// Every import goes on for ever.
  func fetch(_ fetch: DatasetFetch) async throws(DatasetRefusal) -> DatasetFetchOutcome {
    try check(.fetch)
    let status = DatasetImportStatus(
      name: fetch.name, state: .importing, detail: nil, origin: "csv: \(fetch.sources.count)", receivedBytes: 0)
    lock.withLock { fetching[fetch.name] = status }
    return .importing(status)
  }

  func imports() -> [DatasetImportStatus] { lock.withLock { Array(fetching.values) } }

  func remove(_ name: String) async throws(DatasetRefusal) {
    try check(.remove)
    guard lock.withLock({ datasets.removeValue(forKey: name) }) != nil else {
      throw .unknown("There is no data set \(name).")
    }
  }
}
