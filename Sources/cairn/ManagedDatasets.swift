import Datasets
import Dispatch
import Fetching
import Foundation
import Logging
import Promises
import StudyDefinitions
import TuningAPI

/// Brings data sets into the catalogue, on threads that may wait.
struct ManagedDatasets: DatasetLibrary {
  let catalogue: DatasetCatalogue
  let shelf: DatasetShelf
  let folder: String?
  let jobs: ImportJobs
  /// One at a time: two large files in memory at once are one too many.
  private let queue: DispatchQueue

  init(catalogue: DatasetCatalogue, shelf: DatasetShelf, folder: String?, fetcher: Fetcher, logger: Logger) {
    self.catalogue = catalogue
    self.shelf = shelf
    self.folder = folder
    let queue = DispatchQueue(label: "cairn.datasets")
    self.queue = queue
    jobs = ImportJobs(shelf: shelf, fetcher: fetcher, logger: logger) { record, files, control in
      guard let format = DatasetFormats.named(record.format), let scaling = FeatureScaling(rawValue: record.scaling)
      else { throw DatasetRefusal.invalid("There is no format \(record.format).") }
      // The thread of an import may wait.
      try queue.sync {
        if control.isCancelled { throw FetchError.cancelled }
        _ = try catalogue.add(record.name, format: format, scaling: scaling, files: files)
      }
    }
  }

  var formats: [String] { DatasetFormats.all.map { $0.name }.sorted() }

  func place() throws(DatasetRefusal) -> any UploadPlace {
    do throws(StorageFault) { return StagedUpload(shelf, try shelf.stage()) } catch { throw Self.refusal(error) }
  }

  func examined(_ name: String?) async throws(DatasetRefusal) {
    if catalogue.isExamined(name) { return }
    // Not by the queue, which may be busy with a large file of somebody else's.
    let fault: StorageFault? = await DispatchQueue.global().value {
      guard let name else { return catalogue.examineAll() }
      do { _ = try catalogue.description(of: name) } catch { return error as? StorageFault }
      return nil
    }
    if let fault { throw Self.refusal(fault) }
  }

  func add(_ upload: DatasetUpload, moving: Bool) async throws(DatasetRefusal) -> (facts: DatasetFacts, isNew: Bool) {
    try await run { try addNow(upload, moving: moving) }
  }

  private func addNow(_ upload: DatasetUpload, moving: Bool) throws -> (facts: DatasetFacts, isNew: Bool) {
    if jobs.find(upload.name)?.record.state == .importing {
      throw DatasetRefusal.conflict(
        "The name \(upload.name) is being imported; choose another name, or delete it first.")
    }
    guard let format = DatasetFormats.named(upload.format), let scaling = FeatureScaling(rawValue: upload.scaling)
    else {
      throw DatasetRefusal.invalid("There is no format \(upload.format).")
    }
    var files = upload.files.map { DatasetFile(path: $0.path, name: $0.name) }
    var copies: String?
    defer { if let copies { shelf.discard(copies) } }
    if !moving {
      // The file may change where it lies; what studies are pinned to must not.
      let folder = try shelf.stage()
      copies = folder
      files = try files.enumerated().map { index, file in
        let copy = folder + "/\(index)"
        try file.copy(to: copy, on: shelf.disk)
        return DatasetFile(path: copy, name: file.name)
      }
    }
    let added = try catalogue.add(upload.name, format: format, scaling: scaling, files: files)
    // What failed under this name before is of no interest any more.
    _ = try? jobs.remove(upload.name)
    return (DatasetFacts(added.description), added.isNew)
  }

  func remove(_ name: String) async throws(DatasetRefusal) {
    try await run {
      let wasImport = try jobs.remove(name)
      do { try catalogue.remove(name) } catch let error as DatasetError where wasImport && error.kind == .unknownName {}
    }
  }

  func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws(DatasetRefusal)
    -> Value
  {
    try await queue.value { Result { try body() }.mapError(Self.refusal) }.get()
  }

  static func refusal(_ error: any Error) -> DatasetRefusal {
    switch error {
    case let refusal as DatasetRefusal: return refusal
    case let fault as StorageFault: return .unavailable(fault.message)
    case let error as DatasetError:
      switch error.kind {
      case .unknownName: return .unknown(error.message)
      case .nameTaken, .fixed: return .conflict(error.message)
      default: return .invalid(error.message)
      }
    // Nothing else is thrown by what is called here; should it be, it is not the caller's fault.
    default: return .unavailable("The data set could not be added or deleted: \(error.localizedDescription)")
    }
  }
}

/// The files of one upload, in a folder of the shelf; used on one queue.
private final class StagedUpload: UploadPlace {
  private let shelf: DatasetShelf
  private let folder: String
  private var file: NewFile?
  private var count = 0

  init(_ shelf: DatasetShelf, _ folder: String) {
    self.shelf = shelf
    self.folder = folder
  }

  func begin() throws(DatasetRefusal) -> String {
    let path = folder + "/upload-\(count)"
    count += 1
    do throws(StorageFault) { file = try shelf.disk.create(path) } catch { throw ManagedDatasets.refusal(error) }
    return path
  }

  func write(_ bytes: [UInt8]) throws(DatasetRefusal) {
    do throws(StorageFault) { try file?.write(bytes) } catch { throw ManagedDatasets.refusal(error) }
  }

  func end() throws(DatasetRefusal) {
    do throws(StorageFault) { try file?.close() } catch { throw ManagedDatasets.refusal(error) }
    file = nil
  }

  func discard() { shelf.discard(folder) }
}
