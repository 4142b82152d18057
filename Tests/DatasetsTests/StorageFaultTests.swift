import Foundation
import Promises
import Testing

@testable import Datasets

/// What a disk that refuses leaves behind: nothing half made, and nothing lost that stood.
@Suite struct StorageFaultTests {
  /// Fails one call, counted from 0, and all that follow if asked to.
  private final class Trouble: Sendable {
    private struct State {
      var left: Int?
      var code: Int32 = 0
      var stays = false
      var last: Disk.Call?
    }

    private let state = Locked(State())

    /// The call that failed last.
    var last: Disk.Call? { state.value.last }

    func begin(at call: Int, _ code: Int32, stays: Bool) {
      state.withLock { ($0.left, $0.code, $0.stays) = (call, code, stays) }
    }

    /// Whether the call that was to fail has come.
    func end() -> Bool {
      state.withLock { state in
        defer { state.left = nil }
        return state.left.map { $0 < 0 } ?? false
      }
    }

    @Sendable func refuse(_ call: Disk.Call, _ path: String) -> Int32? {
      state.withLock { state in
        guard let count = state.left else { return nil }
        state.left = count - 1
        guard count == 0 || (count < 0 && state.stays) else { return nil }
        state.last = call
        return state.code
      }
    }
  }

  private static let tables = ["a,label\n1,x\n2,y\n", "a,label\n1,x\n2,y\n3,y\n"]

  /// A shelf with a data set `old` on it, in a folder of its own.
  private struct Bench {
    let folder: TemporaryFolder
    let trouble = Trouble()
    let shelf: DatasetShelf
    let catalogue: DatasetCatalogue

    init() throws {
      folder = try TemporaryFolder()
      shelf = try DatasetShelf(folder: folder.path + "/shelf", disk: Disk(refusing: trouble.refuse))
      catalogue = DatasetCatalogue(folder: nil, shelf: shelf, cacheBytes: 0)
      try add("old", 0)
    }

    @discardableResult
    func add(_ name: String, _ table: Int) throws -> Bool {
      let stage = try shelf.stage()
      defer { shelf.discard(stage) }
      let file = try shelf.disk.create(stage + "/upload-0")
      try file.write(Array(StorageFaultTests.tables[table].utf8))
      try file.close()
      let files = [DatasetFile(path: stage + "/upload-0", name: "x.csv")]
      return try catalogue.add(name, format: CSVFormat.self, scaling: .standard, files: files).isNew
    }

    func list(_ part: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/shelf/" + part).sorted()
    }

    /// What a service that starts now finds.
    func found() throws -> [String: Int] {
      let catalogue = DatasetCatalogue(folder: nil, shelf: shelf, cacheBytes: 0)
      #expect(catalogue.problems.isEmpty)
      return try catalogue.names.filter { !BuiltInDatasets.names.contains($0) }
        .reduce(into: [:]) { $0[$1] = try catalogue.dataset(named: $1).first.count }
    }
  }

  /// Runs a change with each of its calls failing once, until there is none left to fail.
  private func everyCall(
    of change: (Bench) throws -> Void, before: [String: Int], after: [String: Int],
    prepare: (Bench) throws -> Void = { _ in }
  ) throws {
    for (code, stays) in [(ENOSPC, false), (EROFS, true), (EMFILE, false)] {
      var calls = 0
      while true {
        let bench = try Bench()
        try prepare(bench)
        bench.trouble.begin(at: calls, code, stays: stays)
        var refusal: (any Error)?
        do { try change(bench) } catch { refusal = error }
        guard bench.trouble.end() else {
          #expect(refusal == nil)
          break
        }
        let place: Comment = "\(String(cString: strerror(code))) at call \(calls) (\(bench.trouble.last!))"
        if let refusal {
          let fault = try #require(refusal as? StorageFault, place)
          #expect(fault.code == code && fault.message.hasSuffix("."), place)
          let found = try bench.found()
          #expect(found == before || found == after, place)
        } else {
          #expect(try bench.found() == after, place)
        }
        #expect(try bench.list("incoming").isEmpty || stays, place)
        // It works when the fault is gone, as if there had been none.
        try change(bench)
        #expect(try bench.found() == after, place)
        calls += 1
      }
      #expect(calls > 2)
    }
  }

  @Test func bringingIn() throws {
    try everyCall(of: { try $0.add("new", 1) }, before: ["old": 2], after: ["old": 2, "new": 3])
    try everyCall(of: { try $0.add("new", 0) }, before: ["old": 2], after: ["old": 2, "new": 2])
  }

  @Test func takingAway() throws {
    let remove: (Bench) throws -> Void = { bench in
      do { try bench.catalogue.remove("new") } catch let error as DatasetError {
        #expect(error.kind == .unknownName)
      }
    }
    try everyCall(of: remove, before: ["old": 2, "new": 3], after: ["old": 2]) { try $0.add("new", 1) }
    try everyCall(of: remove, before: ["old": 2, "new": 2], after: ["old": 2]) { try $0.add("new", 0) }
  }

  @Test func nothingOfARefusedContentStays() throws {
    let bench = try Bench()
    var calls = 0
    while true {
      bench.trouble.begin(at: calls, ENOSPC, stays: false)
      let made = try? bench.add("new", 1)
      guard bench.trouble.end() else { break }
      if made == nil { #expect(try bench.list("objects").count == 1, "call \(calls)") }
      try bench.catalogue.remove("old")
      try bench.add("old", 0)
      if made != nil { try bench.catalogue.remove("new") }
      calls += 1
    }
    #expect(try bench.list("objects").count == 2)
  }

  @Test func importsAreKeptAndForgotten() throws {
    let record = DatasetImport(name: "i", format: "csv", scaling: "none", sources: [])
    for call in 0..<20 {
      let bench = try Bench()
      bench.trouble.begin(at: call, ENOSPC, stays: false)
      do { try bench.shelf.keep(record) } catch { #expect(error is StorageFault) }
      _ = bench.trouble.end()
      #expect(bench.shelf.unfinishedImports().count <= 1)
      #expect(try bench.list("incoming").isEmpty)
      try bench.shelf.keep(record)
      bench.trouble.begin(at: call, EROFS, stays: true)
      let forgotten = (try? bench.shelf.forgetImport("i")) != nil
      _ = bench.trouble.end()
      if forgotten { #expect(bench.shelf.unfinishedImports().isEmpty) }
      try bench.shelf.forgetImport("i")
      #expect(bench.shelf.unfinishedImports().isEmpty)
    }
  }

  @Test func aFolderThatWasTakenAwayIsMadeAgain() throws {
    let bench = try Bench()
    try FileManager.default.removeItem(atPath: bench.shelf.folder)
    #expect(try bench.add("new", 1))
    // What was acknowledged before is put back by the same files, and can be deleted.
    #expect(try !bench.add("old", 0))
    #expect(try bench.found() == ["old": 2, "new": 3])
    try FileManager.default.removeItem(atPath: bench.shelf.folder)
    try bench.shelf.keep(DatasetImport(name: "i", format: "csv", scaling: "none", sources: []))
    #expect(bench.shelf.unfinishedImports().count == 1)
    for name in ["old", "new"] { try bench.catalogue.remove(name) }
    #expect(try bench.found() == [:])
  }

  @Test func aFileInPlaceOfAFolderIsNamed() throws {
    for part in ["incoming", "objects", "names"] {
      let bench = try Bench()
      let path = bench.shelf.folder + "/" + part
      try FileManager.default.removeItem(atPath: path)
      try Data().write(to: URL(fileURLWithPath: path))
      do {
        try bench.add("new", 1)
        Issue.record("\(part) is a file")
      } catch let fault as StorageFault {
        #expect(fault.message.hasPrefix(path) && fault.message.contains("cannot be written"), "\(fault)")
      }
      try FileManager.default.removeItem(atPath: path)
      #expect(try bench.add("new", 1))
    }
  }

  @Test func whatAKillLeftOfAContentIsMadeAgain() throws {
    let bench = try Bench()
    let object = bench.shelf.folder + "/objects/" + (try bench.list("objects")[0])
    for file in ["0", "manifest.json"] {
      try FileManager.default.removeItem(atPath: object + "/" + file)
      try FileManager.default.removeItem(atPath: bench.shelf.folder + "/names/old.json")
      let catalogue = DatasetCatalogue(folder: nil, shelf: bench.shelf, cacheBytes: 0)
      #expect(catalogue.names == BuiltInDatasets.names)
      let table = try bench.folder.write("again.csv", Self.tables[0])
      _ = try catalogue.add("old", format: CSVFormat.self, scaling: .standard, files: [table])
      #expect(try bench.found() == ["old": 2])
    }
  }

  @Test func whatCannotBeReadAtAStartIsAProblemAndNotForgotten() throws {
    let bench = try Bench()
    bench.trouble.begin(at: 0, EIO, stays: true)
    let catalogue = DatasetCatalogue(folder: nil, shelf: bench.shelf)
    _ = bench.trouble.end()
    #expect(catalogue.names == BuiltInDatasets.names)
    #expect(catalogue.problems.count == 1 && catalogue.problems[0].message.contains("cannot be read"))
    #expect(try bench.found() == ["old": 2])
  }

  @Test func aShortageIsNoFaultOfTheFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.csv", Self.tables[0])
    let isShort = Locked(false)
    let catalogue = DatasetCatalogue(folder: folder.path, cacheBytes: 0) { examination in
      if isShort.value { throw StorageFault(code: EAGAIN, .run, "The process") }
      return try examination.perform()
    }
    isShort.withLock { $0 = true }
    #expect(catalogue.examineAll()?.isShortage == true)
    #expect(throws: StorageFault.self) { _ = try catalogue.dataset(named: "a") }
    #expect(catalogue.problems.isEmpty && !catalogue.isExamined("a"))
    isShort.withLock { $0 = false }
    #expect(catalogue.examineAll() == nil)
    #expect(try catalogue.dataset(named: "a").first.count == 2)
  }

  @Test func everyErrorHasASentence() {
    for code: Int32 in 1...133 {
      for action in [StorageFault.Action.read, .write, .remove, .run] {
        let message = StorageFault(code: code, action, "/x/y").message
        #expect(message.hasPrefix("/x/y cannot be ") && message.hasSuffix(".") && message.count > 25)
      }
    }
    #expect(StorageFault(code: ENOSPC, .write, "/x").message.contains("disk is full"))
    #expect(!StorageFault(code: EIO, .write, "/x").message.contains("full"))
  }
}
