import Foundation
import JSONText
import TestSupport
import Testing

@testable import Studies

/// Models that are trained again: who goes first, and what becomes of them.
@Suite struct ModelQueueTests {
  private let shelf = MemoryModelShelf()
  private let bench: StudyBench
  private var supervisor: StudySupervisor { bench.supervisor }

  init() { bench = StudyBench(shelf: shelf) }

  private func next(_ finished: (work: Work, report: WorkReport)? = nil) async throws -> Work? {
    try await supervisor.queue.next(worker: "w", finished: finished)
  }

  /// Does trials until the next work is none, and gives that.
  private func finishTrials(_ first: Work?) async throws -> Work? {
    var work = first
    while case .trials(let trials)? = work {
      let reports = trials.map { ($0.number, StudyBench.outcome($0)) }
      work = try await next((.trials(trials), WorkReport(trials: Dictionary(uniqueKeysWithValues: reports))))
    }
    return work
  }

  private func order(_ number: Int, _ name: String = "s", repetition: Int = 0) async throws -> Bool {
    let study = try await bench.study(name)
    let trial = try #require(try await bench.store.trial(study: study.id, number: number)?.value)
    return try await supervisor.train(trial, of: study, repetition: repetition)
  }

  private func wanted(_ work: Work?) -> ModelAssignment? {
    if case .model(let model)? = work { model } else { nil }
  }

  private func makeStudy(_ sizes: [Int] = [5, 4]) async throws {
    _ = try await supervisor.create(StudyBench.definition("s", sizes: sizes))
  }

  @Test func aModelThatSomebodyWantsGoesBeforeNewTrials() async throws {
    try await makeStudy()
    let first = try await next()
    _ = try await order(1)
    _ = try await order(1)
    _ = try await order(1, repetition: 2)
    // The worker's report is taken, and no trial is handed out with it.
    guard case .trials(let trials)? = first else {
      Issue.record("no trials")
      return
    }
    let reports = Dictionary(uniqueKeysWithValues: trials.map { ($0.number, StudyBench.outcome($0)) })
    let work = try await next((.trials(trials), WorkReport(trials: reports)))
    #expect(try await bench.study("s").counts.running == 0)
    let (model, other) = (wanted(work), wanted(try await next((work!, WorkReport(model: .kept)))))
    #expect(model?.number == 1 && model?.repetition == 0 && model?.studyName == "s")
    #expect(other?.repetition == 2, "asked for twice, and trained once")
    let after = try await next((.model(other!), WorkReport(model: .kept)))
    guard case .trials? = after else {
      Issue.record("the trials do not go on")
      return
    }
  }

  /// When the study has ended, an idle worker trains the models of its ten best points.
  @Test func theBestPointsModelsAreKept() async throws {
    try await makeStudy()
    var work = try await finishTrials(try await next())
    let kept = Set(
      try await bench.store.bestPoints(study: bench.study("s").id, maximize: true, count: 10).value
        .map { $0.trials[0] })
    var numbers: Set<Int> = []
    while let model = wanted(work) {
      numbers.insert(model.number)
      await shelf.put(ModelKey(study: model.study, number: model.number))
      if numbers.count == kept.count { break }
      work = try await next((.model(model), WorkReport(model: .kept)))
    }
    #expect(numbers == kept && kept.count == 10)
    #expect(try await order(kept.first!), "it is one of those that are kept")
    let other = try #require((1...20).first { !kept.contains($0) })
    #expect(try await !order(other))
  }

  /// A data set stays while best points are scored on its last part.
  @Test func whoScoresOnADataSetIsKnown() async throws {
    _ = try await supervisor.create(
      StudyBench.definition("s", sizes: [2], more: [("validation", ["split": ["holdout": 0.2, "test": 0.2]])]))
    let first = try await next()
    #expect(supervisor.studies(scoringOn: "toy").isEmpty)
    _ = try #require(wanted(try await finishTrials(first)))
    #expect(supervisor.studies(scoringOn: "toy") == ["s"])
    #expect(supervisor.studies(scoringOn: "other").isEmpty)
    try await supervisor.delete("s", revision: nil)
    #expect(supervisor.studies(scoringOn: "toy").isEmpty)
  }

  @Test func whatCanWaitMakesRoomForTrials() async throws {
    try await makeStudy([2])
    let spare = try #require(wanted(try await finishTrials(try await next())))
    #expect(!spare.cancellation.isSet)
    _ = try await supervisor.create(StudyBench.definition("t", sizes: [3]))
    try await bench.waitUntil { spare.cancellation.isSet }
    let trials = try await next((.model(spare), WorkReport(model: .returned)))
    guard case .trials(let handed)? = trials else {
      Issue.record("no trials")
      return
    }
    #expect(handed[0].studyName == "t")
    // It was not lost.
    let again = wanted(try await finishTrials(trials))
    #expect(again != nil && again?.cancellation.isSet == false)
  }

  @Test func aFailureIsToldOnceAndTriedAgain() async throws {
    try await makeStudy()
    let first = try await next()
    guard case .trials? = first else { return }
    _ = try await order(1)
    let report = Dictionary(uniqueKeysWithValues: [(1, StudyBench.completed(0.5))])
    let work = try await next((first!, WorkReport(trials: report)))
    let model = try #require(wanted(work))
    let after = try await next((.model(model), WorkReport(model: .failed("the data set is gone"))))
    guard case .trials? = after else {
      Issue.record("a failed model must not be tried again by itself")
      return
    }
    await #expect(throws: StudyError.self) { try await order(1) }
    _ = try await order(1)
  }

  @Test func aDeletedStudyKeepsNothing() async throws {
    try await makeStudy([2])
    let spare = try #require(wanted(try await finishTrials(try await next())))
    await shelf.put(ModelKey(study: spare.study, number: 1))
    try await supervisor.delete("s", revision: nil)
    #expect(spare.cancellation.isSet)
    #expect(await shelf.keys.isEmpty)
    // One that was trained to its end all the same is let go of too.
    await shelf.put(ModelKey(study: spare.study, number: spare.number))
    _ = try await supervisor.create(StudyBench.definition("t", sizes: [3]))
    _ = try await next((.model(spare), WorkReport(model: .kept)))
    try await bench.waitUntil { await shelf.keys.isEmpty }
  }

  /// What comes between the reads of a study's best points and their models' places in line takes these away again.
  @Test func aStudyThatIsDeletedMeanwhileHasNoModelInLine() async throws {
    let reads = Reads()
    let bench = StudyBench(store: FlakyStudyStore(MemoryStudyStore()) { await reads.pass() }, shelf: shelf)
    _ = try await bench.supervisor.create(StudyBench.definition("s", sizes: [2]))
    let workers = bench.startWorkers(1) { StudyBench.outcome($0) }
    // The first point's trial was read, and its model is not in line yet.
    try await bench.waitUntil { await reads.count == 1 }
    // Nobody takes models out of the line.
    await bench.supervisor.queue.close()
    for worker in workers { await worker.value }
    try await bench.supervisor.delete("s", revision: nil)
    await reads.open()
    // The second is asked for once the first is in line.
    try await bench.waitUntil { await reads.count == 2 }
    try await bench.waitUntil { bench.supervisor.studies(scoringOn: "toy").isEmpty }
  }

  /// Counts what reads a trial, and holds the first up until it is opened.
  private actor Reads {
    private(set) var count = 0
    private var isOpen = false
    private var waiter: CheckedContinuation<Void, Never>?

    func pass() async {
      count += 1
      if !isOpen { await withCheckedContinuation { waiter = $0 } }
    }

    func open() {
      isOpen = true
      waiter?.resume()
    }
  }

  @Test func stoppingCutsAModelShort() async throws {
    try await makeStudy([2])
    let spare = try #require(wanted(try await finishTrials(try await next())))
    await supervisor.shutDown()
    #expect(spare.cancellation.isSet)
    #expect(try await next((.model(spare), WorkReport(model: .returned))) == nil)
    await #expect(throws: StudyError.self) { try await order(1) }
  }

  @Test func aStartLetsGoOfModelsOfStudiesThatAreGone() async throws {
    try await makeStudy([2])
    let id = try await bench.study("s").id
    await shelf.put(ModelKey(study: id, number: 1))
    await shelf.put(ModelKey(study: UUID(), number: 1))
    try await supervisor.start()
    // A cache is tidied while the service works.
    try await bench.waitUntil { await shelf.keys.count == 1 }
    #expect(await shelf.keys == [ModelKey(study: id, number: 1)])
  }

  /// A study of two points whose final part is the second one of its data set, finished; and the first model in line.
  private func finishScoredStudy() async throws -> ModelAssignment {
    try await supervisor.start()
    try await makeStudy([2])
    return try #require(wanted(try await finishTrials(try await next())))
  }

  @Test func aResultIsPendingUntilItsModelIsScored() async throws {
    let first = try await finishScoredStudy()
    let study = try await bench.study("s")
    #expect(study.resolved.final != nil && first.isScored)
    #expect(await supervisor.testResult(ofTrial: first.number, of: study) == .pending)
    let score = TestScore(accuracy: 0.5, loss: 1)
    await shelf.put(first.key, score)
    #expect(await supervisor.testResult(ofTrial: first.number, of: study) == .scored(score))
    #expect(TestResult.scored(score).score == score && TestResult.pending.score == nil)
    #expect([TestResult.none, .pending, .scored(score)].map(\.name) == ["none", "pending", "scored"])
  }

  /// What cannot be trained is not waited for.
  @Test func aResultWhoseModelCannotBeTrainedIsNone() async throws {
    let first = try await finishScoredStudy()
    let study = try await bench.study("s")
    let second = try #require(
      wanted(try await next((.model(first), WorkReport(model: .failed("the data set is gone"))))))
    #expect(await supervisor.testResult(ofTrial: first.number, of: study) == .none)
    #expect(await supervisor.testResult(ofTrial: second.number, of: study) == .pending)
    await shelf.put(second.key, TestScore(accuracy: 1, loss: 0))
    let reported = Task { try await next((.model(second), WorkReport(model: .kept))) }
    // It was the last that was waited for: those who follow the study are told.
    try await bench.waitUntil { try await bench.study("s").revision > study.revision }
    await supervisor.queue.close()
    _ = try await reported.value
  }

  @Test func waitingForAModelEndsWithItsTraining() async throws {
    let first = try await finishScoredStudy()
    let wait = Task { await supervisor.waitForModel(first.key, seconds: 3600) }
    let reported = Task { try await next((.model(first), WorkReport(model: .kept))) }
    await wait.value
    // What is in no line is not waited for.
    await supervisor.waitForModel(ModelKey(study: UUID(), number: 1), seconds: 3600)
    await supervisor.queue.close()
    _ = try? await reported.value
  }

  @Test func stoppingEndsTheWaitForAModel() async throws {
    let first = try await finishScoredStudy()
    let (ended, told) = AsyncStream.makeStream(of: Void.self)
    let wait = Task {
      await supervisor.waitForModel(first.key, seconds: 3600)
      told.finish()
    }
    // It may begin to wait after the first stop, but not after every one.
    let stops = Task {
      while !Task.isCancelled {
        await supervisor.shutDown()
        await Task.yield()
      }
    }
    for await _ in ended {}
    stops.cancel()
    await wait.value
  }

  /// A stop loses what was in line; the next start puts in line what is missing, of all ended studies.
  @Test func aStartOrdersWhatScoresWaitFor() async throws {
    let ended = (0..<30).map { "s\($0)" }
    for name in ended { _ = try await supervisor.create(StudyBench.definition(name, sizes: [2])) }
    let workers = bench.startWorkers(1) { StudyBench.outcome($0) }
    try await bench.waitUntil {
      for name in ended where try await bench.study(name).state != .completed { return false }
      return true
    }
    await supervisor.shutDown()
    for worker in workers { await worker.value }
    let later = StudyBench(store: bench.store, shelf: shelf)
    try await later.supervisor.start()
    var found: Set<String> = []
    var finished: (work: Work, report: WorkReport)?
    while found.count < ended.count {
      let next = try await later.supervisor.queue.next(worker: "w", finished: finished)
      let model = try #require(wanted(next))
      #expect(model.isScored)
      found.insert(model.studyName)
      await shelf.put(model.key, TestScore(accuracy: 1, loss: 0))
      finished = (.model(model), WorkReport(model: .kept))
    }
    #expect(found == Set(ended))
    await later.supervisor.shutDown()
  }
}

/// Keys of models that a test says are kept, some with a score.
actor MemoryModelShelf: ModelShelf {
  private(set) var keys: Set<ModelKey> = []
  private var scores: [ModelKey: TestScore] = [:]

  func put(_ key: ModelKey, _ score: TestScore? = nil) {
    keys.insert(key)
    scores[key] = score
  }

  func has(_ key: ModelKey) -> Bool { keys.contains(key) }
  func file(_ key: ModelKey) -> [UInt8]? { keys.contains(key) ? [] : nil }
  func model(_ key: ModelKey) -> (any ScoringModel)? { nil }
  func testScore(_ key: ModelKey) -> TestScore? { scores[key] }
  func remove(study: UUID) { keys = keys.filter { $0.study != study } }
  func studies() -> [UUID] { Array(Set(keys.map(\.study))) }
  func trim(study: UUID, keeping numbers: Set<Int>, others: Int) {}
}
