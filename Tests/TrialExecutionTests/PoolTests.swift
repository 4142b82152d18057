import Datasets
import Foundation
import Logging
import Promises
import Studies
import StudyDefinitions
import TestSupport
import Testing

@testable import TrialExecution

/// The threads of the local pool, as the first lessee of the queue.
@Suite struct PoolTests {
  private func pool(
    _ bench: StudyBench, workers: Int = 2, training: @escaping @Sendable (TrialAssignment) -> TrialReport
  ) -> LocalPool {
    pool(bench, workers: workers) { work in
      PreparedWork { _, _ in
        guard case .trials(let trials) = work else { return WorkReport() }
        return WorkReport(trials: Dictionary(uniqueKeysWithValues: trials.map { ($0.number, training($0)) }))
      }
    }
  }

  private func pool(_ bench: StudyBench, workers: Int = 2, trainer: @escaping LocalPool.Trainer) -> LocalPool {
    LocalPool(
      workers: workers, queue: bench.supervisor.queue,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), trainer: trainer)
  }

  @Test func itRunsAStudyOnThreadsOfALowerPriority() async throws {
    // These tests may run at a lower priority themselves.
    let own = Self.niceOfThisThread()
    let bench = StudyBench()
    let seen = Locked((nices: Set<Int>(), names: Set<String>()))
    let pool = pool(bench) { (assignment: TrialAssignment) in
      seen.withLock { seen in
        seen.nices.insert(Self.niceOfThisThread())
        seen.names.insert(Self.nameOfThisThread())
      }
      return StudyBench.outcome(assignment)
    }
    pool.start()
    _ = try await bench.supervisor.create(StudyBench.definition("one"))
    try await bench.waitUntil { try await bench.study("one").state != .running }
    await bench.supervisor.shutDown()
    await pool.finish()
    #expect(try await bench.trials("one").count == 60)
    let (nices, names) = seen.value
    #expect(nices == [10] || own >= 10)
    #expect(names.isSubset(of: ["local-1", "local-2"]) && !names.isEmpty, "\(names)")
    // The cooperative threads keep theirs.
    #expect(Self.niceOfThisThread() == own)
  }

  @Test func anOutcomeThatCouldNotBeStoredIsReportedAgain() async throws {
    let store = FlakyStudyStore(MemoryStudyStore())
    await store.failures.set(every: 3)
    let bench = StudyBench(store: store)
    let runs = Locked<[Int]>([])
    let pool = pool(bench, workers: 1) { (assignment: TrialAssignment) in
      runs.withLock { $0.append(assignment.number) }
      return StudyBench.outcome(assignment)
    }
    pool.start()
    let definition = StudyBench.definition("one", sizes: [2, 2])
    while (try? await bench.supervisor.create(definition)) == nil {}
    try await bench.waitUntil { try await bench.study("one").state == .completed }
    #expect(try await bench.trials("one").allSatisfy { $0.state.isOutcome })
    // What was trained once is not trained again because a report was refused.
    #expect(runs.value.sorted() == [1, 2, 3, 4])
    await bench.supervisor.shutDown()
    await pool.finish()
  }

  @Test func stoppingAStudyEndsItsTraining() async throws {
    let bench = StudyBench()
    let pool = pool(bench) { (assignment: TrialAssignment) in
      while !assignment.cancellation.isSet { usleep(1000) }
      return .returned
    }
    pool.start()
    _ = try await bench.supervisor.create(StudyBench.definition("one"))
    try await bench.waitUntil { try await bench.trials("one").contains { $0.state == .running } }
    _ = try await bench.supervisor.stop("one", revision: nil)
    try await bench.waitUntil { try await bench.trials("one").allSatisfy { $0.state == .stopped } }
    try await bench.waitUntil { bench.supervisor.workers().allSatisfy { $0.trial == nil } }
    await bench.supervisor.shutDown()
    await pool.finish()
  }

  @Test func aShutdownHandsTrialsBack() async throws {
    let bench = StudyBench()
    let pool = pool(bench) { (assignment: TrialAssignment) in
      while !assignment.cancellation.isSet { usleep(1000) }
      return .returned
    }
    pool.start()
    _ = try await bench.supervisor.create(StudyBench.definition("one"))
    try await bench.waitUntil { try await bench.trials("one").count == 2 }
    await bench.supervisor.shutDown()
    await pool.finish()
    let trials = try await bench.trials("one")
    #expect(trials.map(\.state) == [.queued, .queued] && trials.map(\.number) == [1, 2])
  }

  @Test func aDataSetThatIsGoneIsAFailureOfInput() async throws {
    struct Gone: Error {}
    let bench = StudyBench()
    let trainer = ModelTrainer { _, _ in throw Gone() }
    let pool = pool(bench) { (work: Work) in
      guard case .trials(var trials) = work else { return trainer.prepare(work) }
      for index in trials.indices {
        trials[index].definition.modelKind = "mlp"
        trials[index].definition.constants["iterations"] = .integer(10)
      }
      return trainer.prepare(.trials(trials))
    }
    pool.start()
    _ = try await bench.supervisor.create(StudyBench.definition("one", sizes: [2]))
    try await bench.waitUntil { try await bench.study("one").state != .running }
    let trials = try await bench.trials("one")
    #expect(trials.allSatisfy { $0.state == .failed && $0.attempt == 3 })
    #expect(trials.first?.error?.contains("toy") == true)
    await bench.supervisor.shutDown()
    await pool.finish()
  }

  @Test func anUnknownModelIsAFailureAtOnce() async throws {
    let bench = StudyBench()
    let trainer = ModelTrainer { _, _ in SyntheticImages.dataset }
    let pool = pool(bench) { (work: Work) in trainer.prepare(work) }
    pool.start()
    _ = try await bench.supervisor.create(StudyBench.definition("one", sizes: [2]))
    try await bench.waitUntil { try await bench.study("one").state != .running }
    #expect(try await bench.trials("one").allSatisfy { $0.state == .failed && $0.attempt == 1 })
    await bench.supervisor.shutDown()
    await pool.finish()
  }

  private static func nameOfThisThread() -> String {
    let name = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
    return name.trimmingCharacters(in: .newlines)
  }

  private static func niceOfThisThread() -> Int {
    let stat = (try? String(contentsOfFile: "/proc/thread-self/stat", encoding: .utf8)) ?? ""
    // Fields are counted behind the name, which may hold spaces; nice is field 19.
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 16 ? Int(fields[16]) ?? -99 : -99
  }
}
