import Foundation
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

  func stage() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  func examined(_ name: String?) async {}

  func add(_ upload: DatasetUpload, moving: Bool) async throws(DatasetRefusal) -> (facts: DatasetFacts, isNew: Bool) {
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
    let status = DatasetImportStatus(
      name: fetch.name, state: .importing, detail: nil, origin: "csv: \(fetch.sources.count)", receivedBytes: 0)
    lock.withLock { fetching[fetch.name] = status }
    return .importing(status)
  }

  func imports() -> [DatasetImportStatus] { lock.withLock { Array(fetching.values) } }

  func remove(_ name: String) async throws(DatasetRefusal) {
    guard lock.withLock({ datasets.removeValue(forKey: name) }) != nil else { throw .unknown(name) }
  }
}
