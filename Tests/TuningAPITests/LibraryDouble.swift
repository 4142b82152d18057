import DataFacts
import Foundation
import Promises
import Studies
import StudyDefinitions

@testable import TuningAPI

/// A library that keeps names alone: what the routes make of a library's answers is tested with it.
final class LibraryDouble: DatasetLibrary {
  private struct State {
    var datasets: [String: DatasetFacts] = [:]
    var fetching: [String: DatasetImportStatus] = [:]
    var trouble: Trouble?
    var placesInUse = 0
  }

  let formats = ["csv"]
  let folder: String?
  private let state = Locked(State())

  init(folder: String? = nil) { self.folder = folder }

  /// What the machine does not let happen, if anything.
  var trouble: Trouble? {
    get { state.value.trouble }
    set { state.withLock { $0.trouble = newValue } }
  }

  /// A call that is refused.
  enum Trouble: CaseIterable { case place, begin, write, end, examine, add, fetch, remove }

  static let refusal = DatasetRefusal.unavailable("The disk is full.")

  private func check(_ call: Trouble) throws(DatasetRefusal) { if trouble == call { throw Self.refusal } }

  /// The uploads whose files nobody has discarded.
  var placesInUse: Int { state.value.placesInUse }

  private final class Place: UploadPlace {
    let library: LibraryDouble
    init(_ library: LibraryDouble) { self.library = library }
    func begin() throws(DatasetRefusal) -> String {
      try library.check(.begin)
      return "/nowhere"
    }
    func write(_ bytes: [UInt8]) throws(DatasetRefusal) { try library.check(.write) }
    func end() throws(DatasetRefusal) { try library.check(.end) }
    func discard() { library.state.withLock { $0.placesInUse -= 1 } }
  }

  func place() throws(DatasetRefusal) -> any UploadPlace {
    try check(.place)
    state.withLock { $0.placesInUse += 1 }
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
    let existing = state.withLock { state in
      let existing = state.datasets[upload.name]
      if existing == nil { state.datasets[upload.name] = facts }
      return existing
    }
    guard let existing else { return (facts, true) }
    guard existing.sha256 == sha256 else { throw .conflict("the name has different content.") }
    return (existing, false)
  }

  func fault(inURL url: String) -> String? { url.hasPrefix("http") ? nil : "must begin with http" }

  /// Every import goes on for ever.
  func fetch(_ fetch: DatasetFetch) async throws(DatasetRefusal) -> DatasetFetchOutcome {
    try check(.fetch)
    let status = DatasetImportStatus(
      name: fetch.name, state: .importing, detail: nil, origin: "csv: \(fetch.sources.count)", receivedBytes: 0)
    state.withLock { $0.fetching[fetch.name] = status }
    return .importing(status)
  }

  func imports() -> [DatasetImportStatus] { Array(state.value.fetching.values) }

  func remove(_ name: String) async throws(DatasetRefusal) {
    try check(.remove)
    guard state.withLock({ $0.datasets.removeValue(forKey: name) }) != nil else {
      throw .unknown("There is no data set \(name).")
    }
  }
}
