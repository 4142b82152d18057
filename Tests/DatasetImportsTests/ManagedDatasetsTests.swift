import Datasets
import Fetching
import Foundation
import Promises
import Studies
import TestSupport
import Testing

@testable import DatasetImports

/// Data sets brought in and taken away, over a true shelf and catalogue.
@Suite(.timeLimit(.minutes(10))) struct ManagedDatasetsTests {
  private func upload(_ name: String, _ path: String, format: String = "csv", scaling: String = "none")
    -> DatasetUpload
  {
    DatasetUpload(
      name: name, format: format, scaling: scaling, files: [.init(path: path, name: "table.csv")])
  }

  private func fetch(_ name: String, _ path: String) -> DatasetFetch {
    DatasetFetch(
      name: name, format: "csv", scaling: "none", sources: [.file(.init(path: path, name: "table.csv"))])
  }

  /// What refuses a call; nil where nothing does.
  private func refusal(_ body: () async throws -> Void) async -> DatasetRefusal? {
    do { try await body() } catch { return error as? DatasetRefusal }
    return nil
  }

  private func sentence(_ refusal: DatasetRefusal?) -> String? {
    switch refusal {
    case .invalid(let text), .conflict(let text), .unknown(let text), .unavailable(let text): text
    case .unknownUse, nil: nil
    }
  }

  private func isConflict(_ refusal: DatasetRefusal?) -> Bool { if case .conflict? = refusal { true } else { false } }
  private func isInvalid(_ refusal: DatasetRefusal?) -> Bool { if case .invalid? = refusal { true } else { false } }
  private func isUnknown(_ refusal: DatasetRefusal?) -> Bool { if case .unknown? = refusal { true } else { false } }

  // MARK: Adding

  @Test func anUploadIsMovedAndAFileOfTheFolderIsCopied() async throws {
    let bench = try ImportBench()
    let datasets = bench.datasets()
    let (moved, copied) = (try bench.write("moved.csv"), try bench.write("copied.csv"))
    let first = try await datasets.add(upload("one", moved), moving: true)
    #expect(first.isNew && first.facts.examples == 3 && first.facts.origin == "csv: table.csv")
    #expect(!FileManager.default.fileExists(atPath: moved))
    let second = try await datasets.add(upload("two", copied), moving: false)
    #expect(second.isNew && second.facts.sha256 == first.facts.sha256)
    #expect(FileManager.default.fileExists(atPath: copied))
    let again = try await datasets.add(upload("two", copied), moving: false)
    #expect(!again.isNew && again.facts == second.facts)
    let other = try bench.write("other.csv", ImportBench.otherTable)
    #expect(isConflict(await refusal { _ = try await datasets.add(upload("two", other), moving: false) }))
    #expect(datasets.formats == datasets.formats.sorted() && datasets.formats.contains("csv"))
  }

  @Test func whatIsNotRightIsRefused() async throws {
    let bench = try ImportBench()
    let datasets = bench.datasets()
    let path = try bench.write("table.csv")
    for wrong in [
      upload("No Name", path), upload("x", path, format: "none"), upload("x", path, scaling: "none at all"),
      upload("x", try bench.write("broken.csv", "a,label\n1\n")), upload("x", bench.folder + "/missing.csv"),
    ] {
      let found = await refusal { _ = try await datasets.add(wrong, moving: false) }
      #expect(found != nil && sentence(found)?.hasSuffix(".") == true, "\(wrong)")
    }
    #expect(datasets.catalogue.names == ["synthetic-cats", "synthetic-digits"])
  }

  @Test func anUploadsFilesAreWrittenInTheirPlace() throws {
    let bench = try ImportBench()
    let place = try bench.datasets().place()
    let paths = try ["ab", ""].map { text in
      let path = try place.begin()
      for byte in text.utf8 { try place.write([byte]) }
      try place.end()
      return path
    }
    #expect(Set(paths).count == 2 && paths[0].hasPrefix(bench.folder))
    #expect(try String(contentsOfFile: paths[0], encoding: .utf8) == "ab")
    #expect(try String(contentsOfFile: paths[1], encoding: .utf8) == "")
    place.discard()
    #expect(paths.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
  }

  @Test func aDiskThatRefusesIsUnavailable() async throws {
    let refused = Locked<Disk.Call?>(nil)
    let bench = try ImportBench(disk: Disk { call, _ in refused.value == call ? ENOSPC : nil })
    let datasets = bench.datasets()
    let path = try bench.write("table.csv")
    for call in [Disk.Call.makeFolder, .create, .write, .move] {
      refused.withLock { $0 = call }
      let found = await refusal { _ = try await datasets.add(upload("x", path), moving: false) }
      guard case .unavailable(let sentence)? = found else {
        Issue.record("\(call): \(String(describing: found))")
        continue
      }
      #expect(sentence.contains("the disk is full"))
    }
    refused.withLock { $0 = .makeFolder }
    #expect(throws: DatasetRefusal.self) { try datasets.place() }
    refused.withLock { $0 = nil }
    let place = try datasets.place()
    refused.withLock { $0 = .create }
    #expect(throws: DatasetRefusal.self) { try place.begin() }
    refused.withLock { $0 = nil }
    #expect(try await datasets.add(upload("x", path), moving: false).isNew)
  }

  @Test func everyErrorIsARefusal() {
    struct Odd: LocalizedError { var errorDescription: String? { "odd" } }
    let fault = StorageFault(code: EROFS, .write, "x")
    #expect(sentence(DatasetRefusal(fault)) == fault.message)
    #expect(sentence(DatasetRefusal(DatasetRefusal.conflict("c") as any Error)) == "c")
    #expect(isConflict(DatasetRefusal(DatasetRefusal.conflict("c") as any Error)))
    #expect(isInvalid(DatasetRefusal(DatasetError(foundElsewhere: "it is wrong"))))
    let odd = DatasetRefusal(Odd())
    #expect(sentence(odd) == "The data set could not be added or deleted: odd")
    guard case .unavailable = odd else {
      Issue.record("an odd error is the service's own")
      return
    }
  }

  @Test func waitingForAnExamination() async throws {
    let bench = try ImportBench()
    let datasets = bench.datasets()
    try await datasets.examined("synthetic-cats")
    try await datasets.examined("no such data set")
    _ = try await datasets.add(upload("x", bench.write("table.csv")), moving: false)
    // A new service knows of it and has not read it yet.
    let next = bench.datasets()
    #expect(!next.catalogue.isExamined("x"))
    try await next.examined("x")
    #expect(next.catalogue.isExamined("x"))
    try await next.examined(nil)
    #expect(next.catalogue.isExamined(nil))
  }

  // MARK: Fetching

  @Test func anImportBecomesADataSet() async throws {
    let bench = try ImportBench()
    let datasets = bench.datasets()
    let path = try bench.write("table.csv")
    guard case .importing(let status) = try await datasets.fetch(fetch("x", path)) else {
      Issue.record("nothing was begun")
      return
    }
    #expect(status.name == "x" && status.state == .importing && status.origin == "csv: table.csv")
    try await eventually { datasets.imports().isEmpty }
    guard case .exists(let facts) = try await datasets.fetch(fetch("x", path)) else {
      Issue.record("it was begun anew")
      return
    }
    #expect(facts.name == "x" && facts.examples == 3)
    let other = try bench.write("other.csv", ImportBench.otherTable)
    #expect(isConflict(await refusal { _ = try await datasets.fetch(fetch("x", other)) }))
    #expect(await refusal { _ = try await datasets.fetch(fetch("No Name", path)) } != nil)
    #expect(datasets.fault(inURL: "http://host/x") == nil && datasets.fault(inURL: "file:///x") != nil)
  }

  /// One import at a time waits for the lane of large files; meanwhile its name is taken.
  @Test func aNameThatIsBeingImportedIsTaken() async throws {
    let bench = try ImportBench()
    let path = try bench.write("table.csv")
    let other = try bench.write("other.csv", ImportBench.otherTable)
    // As a service that was killed leaves it, and the next has not resumed it yet.
    try bench.shelf.keep(
      DatasetImport(
        name: "x", format: "csv", scaling: "none", sources: [.file(path: path, name: "table.csv")]))
    let datasets = bench.datasets()
    guard case .importing = try await datasets.fetch(fetch("x", path)) else {
      Issue.record("the same import is not found")
      return
    }
    #expect(isConflict(await refusal { _ = try await datasets.fetch(fetch("x", other)) }))
    #expect(isConflict(await refusal { _ = try await datasets.add(upload("x", path), moving: false) }))
    datasets.resume()
    try await eventually { datasets.imports().isEmpty }
    #expect(datasets.catalogue.names.contains("x"))
    await datasets.stop(within: 3600)
  }

  @Test func afterAFailureTheNameIsFree() async throws {
    let bench = try ImportBench()
    let datasets = bench.datasets()
    _ = try await datasets.fetch(fetch("x", try bench.write("broken.csv", "a,label\n1\n")))
    try await eventually { datasets.imports().allSatisfy { $0.state == .failed } }
    #expect(datasets.imports().first?.detail?.hasSuffix(".") == true)
    let added = try await datasets.add(upload("x", bench.write("table.csv")), moving: false)
    #expect(added.isNew && datasets.imports().isEmpty)
  }

  @Test func anImportOfAFormatThatThisVersionHasNotFails() async throws {
    let bench = try ImportBench()
    var record = bench.record("x")
    record.format = "of a later version"
    try bench.write("table.csv")
    try bench.shelf.keep(record)
    let datasets = bench.datasets()
    datasets.resume()
    try await eventually { datasets.imports().allSatisfy { $0.state == .failed } }
    #expect(datasets.imports().first?.detail == "There is no format of a later version.")
  }

  // MARK: Deleting

  /// Studies that a test makes up.
  private struct Uses: DatasetUses {
    var unfinished: [String] = []
    var scoring: Set<String> = []
    var fault: StoreError?
    func unfinishedStudies(on dataset: String) async throws(StoreError) -> [String] {
      if let fault { throw fault }
      return dataset == "x" ? unfinished : []
    }
    func studies(scoringOn dataset: String) -> Set<String> { dataset == "x" ? scoring : [] }
  }

  @Test func whatNobodyNeedsIsDeleted() async throws {
    let bench = try ImportBench()
    let datasets = bench.datasets(uses: Uses(unfinished: [], scoring: []))
    _ = try await datasets.add(upload("x", bench.write("table.csv")), moving: false)
    try await datasets.remove("x")
    #expect(datasets.catalogue.names == ["synthetic-cats", "synthetic-digits"])
    #expect(isUnknown(await refusal { try await datasets.remove("x") }))
    #expect(isConflict(await refusal { try await datasets.remove("synthetic-cats") }))
  }

  @Test func whatAStudyNeedsStays() async throws {
    let bench = try ImportBench()
    for (uses, detail) in [
      (Uses(unfinished: ["a", "b"]), "Data set x is used by a, b; stop them first."),
      (
        Uses(scoring: ["d", "c"]),
        "The best points of c, d are being scored on the last part of data set x; wait until they are."
      ),
    ] {
      let datasets = bench.datasets(uses: uses)
      for name in ["x", "y"] {
        _ = try await datasets.add(upload(name, bench.write("table.csv")), moving: false)
      }
      let found = await refusal { try await datasets.remove("x") }
      #expect(isConflict(found) && sentence(found) == detail)
      #expect(datasets.catalogue.names.contains("x"))
      // Another is not its affair.
      try await datasets.remove("y")
    }
    let blind = bench.datasets(uses: Uses(fault: .failure("gone")))
    guard case .unknownUse(.failure("gone"))? = await refusal({ try await blind.remove("x") }) else {
      Issue.record("a store that does not answer must not free a data set")
      return
    }
    #expect(blind.catalogue.names.contains("x"))
  }

  @Test func anImportIsEndedByDeletingIt() async throws {
    let bench = try ImportBench()
    try bench.shelf.keep(bench.record("x"))
    let datasets = bench.datasets()
    #expect(datasets.imports().map(\.name) == ["x"])
    try await datasets.remove("x")
    #expect(datasets.imports().isEmpty && bench.shelf.unfinishedImports().isEmpty)
    #expect(isUnknown(await refusal { try await datasets.remove("x") }))
  }

  /// What studies need is asked of the service and its store.
  @Test func aServicesStudiesAreAsked() async throws {
    let bench = StudyBench()
    let uses = StudyUses(of: bench.supervisor)
    #expect(try await uses.unfinishedStudies(on: "toy").isEmpty)
    _ = try await bench.supervisor.create(StudyBench.definition("s"))
    _ = try await bench.supervisor.create(StudyBench.definition("t"))
    #expect(try await Set(uses.unfinishedStudies(on: "toy")) == ["s", "t"])
    #expect(try await uses.unfinishedStudies(on: "other").isEmpty)
    _ = try await bench.supervisor.pause("s", revision: nil)
    _ = try await bench.supervisor.stop("t", revision: nil)
    #expect(try await uses.unfinishedStudies(on: "toy") == ["s"])
    #expect(uses.studies(scoringOn: "toy").isEmpty)
  }
}
