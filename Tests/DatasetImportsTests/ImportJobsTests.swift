import Datasets
import Fetching
import Foundation
import Promises
import Testing

@testable import DatasetImports

/// Imports run on threads of their own, and what a service did not end the next one resumes.
@Suite(.timeLimit(.minutes(10))) struct ImportJobsTests {
  @Test func filesAreCopiedAndBroughtIn() async throws {
    let bench = try ImportBench()
    let path = try bench.write("table.csv")
    let seen = Locked<[String]>([])
    let jobs = bench.jobs { record, files, _ in
      let copy = try String(contentsOfFile: files[0].path, encoding: .utf8)
      seen.withLock { $0 += [record.name, files[0].name, copy, files[0].path] }
    }
    try jobs.begin(bench.record("iris"))
    try await eventually { jobs.find("iris") == nil }
    #expect(seen.value.prefix(3) == ["iris", "table.csv", ImportBench.table])
    // A copy, which is gone afterwards; the file itself stays.
    #expect(seen.value.last != path && !FileManager.default.fileExists(atPath: seen.value.last ?? path))
    #expect(FileManager.default.fileExists(atPath: path) && bench.shelf.unfinishedImports().isEmpty)
  }

  @Test func unfinishedImportsAreResumed() async throws {
    let bench = try ImportBench()
    try bench.write("table.csv")
    try bench.shelf.keep(bench.record("one", starts: 1))
    try bench.shelf.keep(bench.record("two", starts: 2))
    var failed = bench.record("three")
    (failed.state, failed.detail) = (.failed, "It was not there.")
    try bench.shelf.keep(failed)
    let seen = Locked<Set<String>>([])
    let jobs = bench.jobs { record, _, _ in seen.withLock { _ = $0.insert(record.name) } }
    #expect(Set(jobs.all.map(\.record.name)) == ["one", "two", "three"] && seen.value.isEmpty)
    jobs.resume()
    try await eventually { jobs.all.count == 1 }
    #expect(seen.value == ["one", "two"])
    // One that failed stays as it is until somebody does something about it.
    #expect(jobs.find("three")?.record == failed && bench.shelf.unfinishedImports() == [failed])
  }

  /// A start is counted before anything is read: whatever kills the service is counted too.
  @Test func startsAreCountedBeforehand() async throws {
    let bench = try ImportBench()
    try bench.write("table.csv")
    let starts = Locked<[Int]>([])
    let jobs = bench.jobs { [shelf = bench.shelf] _, _, _ in
      starts.withLock { $0 += shelf.unfinishedImports().map(\.starts) }
    }
    try jobs.begin(bench.record("iris", starts: 1))
    try await eventually { jobs.all.isEmpty }
    #expect(starts.value == [2])
  }

  @Test func afterThreeStartsAnImportIsGivenUp() async throws {
    let bench = try ImportBench()
    try bench.write("table.csv")
    try bench.shelf.keep(bench.record("iris", starts: 3))
    let jobs = bench.jobs { _, _, _ in Issue.record("it was started a fourth time") }
    jobs.resume()
    try await eventually { jobs.find("iris")?.record.state == .failed }
    let detail = "The service died 3 times while this was being imported; delete it, or post it again."
    #expect(jobs.find("iris")?.record.detail == detail)
    #expect(bench.shelf.unfinishedImports().map(\.detail) == [detail])
    // Posted again, it begins anew.
    let again = bench.jobs { _, _, _ in }
    try again.begin(bench.record("iris"))
    try await eventually { again.all.isEmpty }
    #expect(bench.shelf.unfinishedImports().isEmpty)
  }

  @Test func anOrderlyStopIsNoDeath() async throws {
    let bench = try ImportBench()
    try bench.write("table.csv")
    let isBegun = Locked(false)
    let jobs = bench.jobs { _, _, control in
      isBegun.withLock { $0 = true }
      while !control.isCancelled { usleep(1000) }
      throw FetchError.cancelled
    }
    try jobs.begin(bench.record("iris", starts: 2))
    try await eventually { isBegun.value }
    await jobs.stop(within: 3600)
    let left = try #require(bench.shelf.unfinishedImports().first)
    #expect(left.state == .importing && left.starts == 0 && left.detail == nil)
    // A service that stops begins nothing.
    try jobs.begin(bench.record("other"))
    #expect(jobs.find("other")?.record.starts == 0)
  }

  @Test func whatGoesWrongIsASentence() async throws {
    struct Odd: LocalizedError { var errorDescription: String? { "odd" } }
    let bench = try ImportBench()
    try bench.write("table.csv")
    let fault = DatasetError(foundElsewhere: "table.csv: row 3 is wrong")
    for (name, error, detail) in [
      ("a", fault as any Error, "table.csv: row 3 is wrong."),
      ("b", StorageFault(code: ENOSPC, .write, "x"), StorageFault(code: ENOSPC, .write, "x").message),
      ("c", Odd(), "It could not be added: odd"),
    ] {
      let jobs = bench.jobs { _, _, _ in throw error }
      try jobs.begin(bench.record(name))
      try await eventually { jobs.find(name)?.record.state == .failed }
      #expect(jobs.find(name)?.record.detail == detail)
      #expect(bench.shelf.unfinishedImports().first { $0.name == name }?.detail == detail)
    }
    let jobs = bench.jobs { _, _, _ in Issue.record("there is no file") }
    try jobs.begin(bench.record("d", file: "missing.csv"))
    try jobs.begin(
      DatasetImport(
        name: "e", format: "csv", scaling: "none",
        sources: [.url("http://127.0.0.1:9/secret.csv?key=1", sha256: String(repeating: "0", count: 64))]))
    try await eventually { jobs.all.allSatisfy { $0.record.state == .failed } }
    #expect(jobs.find("d")?.record.detail?.contains("missing.csv") == true)
    let detail = try #require(jobs.find("e")?.record.detail)
    #expect(detail.hasPrefix("http://127.0.0.1:9/secret.csv: ") && detail.hasSuffix(".") && !detail.contains("key"))
  }

  @Test func aRemovedImportIsForgottenAndCutShort() async throws {
    let bench = try ImportBench()
    try bench.write("table.csv")
    let (isBegun, isCut) = (Locked(false), Locked(false))
    let jobs = bench.jobs { _, _, control in
      isBegun.withLock { $0 = true }
      while !control.isCancelled { usleep(1000) }
      isCut.withLock { $0 = true }
      throw FetchError.cancelled
    }
    try jobs.begin(bench.record("iris"))
    try await eventually { isBegun.value }
    #expect(try jobs.remove("iris"))
    #expect(jobs.find("iris") == nil && bench.shelf.unfinishedImports().isEmpty)
    try await eventually { isCut.value }
    #expect(try !jobs.remove("iris"))
    await jobs.stop(within: 3600)
    // The end of the removed one brings nothing back.
    #expect(bench.shelf.unfinishedImports().isEmpty)
  }

  @Test func someRunAtOnceAndMoreWait() async throws {
    let bench = try ImportBench()
    try bench.write("table.csv")
    let barrier = Barrier()
    let running = Locked((now: 0, most: 0, all: 0))
    let jobs = bench.jobs { _, _, _ in
      running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.all + 1) }
      barrier.wait()
      running.withLock { $0.now -= 1 }
    }
    for index in 0..<7 { try jobs.begin(bench.record("n\(index)")) }
    try await eventually { running.value.now == 4 }
    #expect(jobs.all.count == 7 && bench.shelf.unfinishedImports().count == 7)
    barrier.open()
    try await eventually { jobs.all.isEmpty }
    #expect(running.value.all == 7 && running.value.most == 4)
  }

  /// What the disk does not let be remembered is not begun; what it does not let be forgotten stays.
  @Test func aDiskThatRefuses() async throws {
    let refused = Locked<Disk.Call?>(nil)
    let bench = try ImportBench(disk: Disk { call, _ in refused.value == call ? ENOSPC : nil })
    try bench.write("table.csv")
    let barrier = Barrier()
    let jobs = bench.jobs { _, _, _ in barrier.wait() }
    refused.withLock { $0 = .write }
    #expect(throws: StorageFault.self) { try jobs.begin(bench.record("iris")) }
    #expect(jobs.all.isEmpty)
    refused.withLock { $0 = nil }
    try jobs.begin(bench.record("iris"))
    refused.withLock { $0 = .remove }
    #expect(throws: StorageFault.self) { try jobs.remove("iris") }
    #expect(jobs.find("iris")?.record.state == .importing)
    refused.withLock { $0 = nil }
    barrier.open()
    try await eventually { jobs.all.isEmpty }
  }

  @Test func aThreadThatWaitsDoesItsWork() async throws {
    let isDone = Locked(false)
    #expect(WaitingThread.start { isDone.withLock { $0 = true } } == 0)
    try await eventually { isDone.value }
  }
}
