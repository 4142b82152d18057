import Datasets
import Fetching
import Foundation
import Logging
import Studies
import Testing

@testable import DatasetImports

/// A shelf in a folder of its own, removed with it.
final class ImportBench: Sendable {
  let folder: String
  let shelf: DatasetShelf
  static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  init(disk: Disk = Disk()) throws {
    folder = NSTemporaryDirectory() + "/cairn-imports-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    shelf = try DatasetShelf(folder: folder + "/shelf", disk: disk)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static let table = "a,label\n1,x\n2,y\n4,y\n"
  static let otherTable = "a,label\n1,x\n2,y\n5,y\n"

  /// A file in the folder; its path.
  @discardableResult
  func write(_ name: String, _ text: String = ImportBench.table) throws -> String {
    let path = folder + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// An import of one file of the folder.
  func record(_ name: String, file: String = "table.csv", starts: Int = 0) -> DatasetImport {
    var record = DatasetImport(
      name: name, format: "csv", scaling: "none", sources: [.file(path: folder + "/" + file, name: file)])
    record.starts = starts
    return record
  }

  /// No address of this machine may be asked by it.
  static let fetcher = Fetcher(rule: AddressRule(), limits: FetchLimits(), agent: "test")

  func jobs(_ bring: @escaping @Sendable (DatasetImport, [DatasetFile], FetchControl) throws -> Void) -> ImportJobs {
    ImportJobs(shelf: shelf, fetcher: Self.fetcher, logger: Self.logger, bring: bring)
  }

  /// Data sets of a catalogue over the shelf, examined by this process.
  func datasets(uses: any DatasetUses = NoUses()) -> ManagedDatasets {
    ManagedDatasets(
      catalogue: DatasetCatalogue(folder: nil, shelf: shelf), shelf: shelf, folder: folder, fetcher: Self.fetcher,
      uses: uses, logger: Self.logger)
  }
}

/// Studies that need nothing.
struct NoUses: DatasetUses {
  func unfinishedStudies(on dataset: String) async throws(StoreError) -> [String] { [] }
  func studies(scoringOn dataset: String) -> Set<String> { [] }
}

/// Holds threads up until it is opened.
///
/// `@unchecked Sendable`: `isOpen` is read and written under the condition's lock alone.
final class Barrier: @unchecked Sendable {
  private let condition = NSCondition()
  private var isOpen = false

  func open() {
    condition.withLock {
      isOpen = true
      condition.broadcast()
    }
  }

  func wait() { condition.withLock { while !isOpen { condition.wait() } } }
}

/// Returns when something is so; a test that waits in vain is ended by its time limit.
func eventually(_ condition: () -> Bool) async throws {
  while !condition() { try await Task.sleep(for: .milliseconds(2)) }
}
