import DataFacts
import Datasets
import Dispatch
import Fetching
import Foundation
import Logging
import Promises
import Studies
import StudyDefinitions

/// Brings data sets into the catalogue, and takes them away, on threads that may wait.
public struct ManagedDatasets: DatasetLibrary {
  let catalogue: DatasetCatalogue
  let shelf: DatasetShelf
  public let folder: String?
  let jobs: ImportJobs
  private let uses: any DatasetUses
  /// One at a time: two large files in memory at once are one too many.
  private let queue: DispatchQueue

  /// Manages the data sets of a catalogue; `uses` tells which of them studies need. What an earlier service left unfinished
  /// waits for `resume`.
  public init(
    catalogue: DatasetCatalogue, shelf: DatasetShelf, folder: String?, fetcher: Fetcher, uses: any DatasetUses,
    logger: Logger
  ) {
    self.uses = uses
    self.catalogue = catalogue
    self.shelf = shelf
    self.folder = folder
    let queue = DispatchQueue(label: "cairn.datasets")
    self.queue = queue
    jobs = ImportJobs(shelf: shelf, fetcher: fetcher, logger: logger) { record, files, control in
      let (format, scaling) = try Self.reading(record.format, record.scaling)
      // The thread of an import may wait.
      try queue.sync {
        if control.isCancelled { throw FetchError.cancelled }
        _ = try catalogue.add(record.name, format: format, scaling: scaling, files: files)
      }
    }
  }

  /// Continues what an earlier service did not end.
  public func resume() { jobs.resume() }

  /// Breaks off what is being fetched, to be resumed at the next start; returns when that is done, or after `seconds`.
  public func stop(within seconds: Double) async { await jobs.stop(within: seconds) }

  public var formats: [String] { DatasetFormats.all.map { $0.name }.sorted() }

  public func place() throws(DatasetRefusal) -> any UploadPlace {
    do throws(StorageFault) { return StagedUpload(shelf, try shelf.stage()) } catch { throw DatasetRefusal(error) }
  }

  public func examined(_ name: String?) async throws(DatasetRefusal) {
    if catalogue.isExamined(name) { return }
    // Not by the queue, which may be busy with a large file of somebody else's.
    let fault: StorageFault? = await DispatchQueue.global().value {
      guard let name else { return catalogue.examineAll() }
      do { _ = try catalogue.facts(of: name) } catch { return error as? StorageFault }
      return nil
    }
    if let fault { throw DatasetRefusal(fault) }
  }

  public func add(
    _ upload: DatasetUpload, moving: Bool
  ) async throws(DatasetRefusal) -> (facts: DatasetFacts, isNew: Bool) {
    try await run { try addNow(upload, moving: moving) }
  }

  /// How files are read; throws where a name is of no format or scaling.
  private static func reading(
    _ format: String, _ scaling: String
  ) throws(DatasetError) -> (any DatasetFormat.Type, FeatureScaling) {
    let format = try DatasetFormats.existing(format)
    guard let known = FeatureScaling(rawValue: scaling) else {
      throw DatasetError(foundElsewhere: "There is no scaling \(scaling)")
    }
    return (format, known)
  }

  private func addNow(_ upload: DatasetUpload, moving: Bool) throws -> (facts: DatasetFacts, isNew: Bool) {
    if jobs.find(upload.name)?.record.state == .importing {
      throw DatasetRefusal.conflict(
        "The name \(upload.name) is being imported; choose another name, or delete it first.")
    }
    let (format, scaling) = try Self.reading(upload.format, upload.scaling)
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
    return added
  }

  public func remove(_ name: String) async throws(DatasetRefusal) {
    try await checkUnused(name)
    try await run {
      let wasImport = try jobs.remove(name)
      do { try catalogue.remove(name) } catch let error as DatasetError where wasImport && error.kind == .unknownName {}
    }
  }

  func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws(DatasetRefusal)
    -> Value
  {
    try await queue.value { Result { try body() }.mapError(DatasetRefusal.init) }.get()
  }
}

extension ManagedDatasets {
  /// Throws where a study still needs a data set.
  private func checkUnused(_ name: String) async throws(DatasetRefusal) {
    let users: [String]
    do throws(StoreError) { users = try await uses.unfinishedStudies(on: name) } catch { throw .unknownUse(error) }
    guard users.isEmpty else {
      throw .conflict("Data set \(name) is used by \(users.joined(separator: ", ")); stop them first.")
    }
    let scoring = uses.studies(scoringOn: name).sorted()
    guard scoring.isEmpty else {
      throw .conflict(
        "The best points of \(scoring.joined(separator: ", ")) are being scored on the last part of data set \(name); "
          + "wait until they are.")
    }
  }
}
