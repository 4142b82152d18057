import ExactText
import Foundation
import JSONText
import SearchAlgorithms
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// A folder of its own below the temporary folder, which scripts/test takes away.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "cairn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}

/// Studies and trials to store.
enum Sample {
  static let space = ParameterSpace([
    Parameter(name: "a", domain: .levels([.integer(1), .integer(2), .integer(3)])),
    Parameter(name: "x", domain: .realRange(minimum: 0, maximum: 10, scale: .linear)),
    Parameter(name: "c", domain: .categories([.string("u"), .boolean(true)])),
  ])

  static func study(_ name: String, at seconds: Double = 1_700_000_000.123) -> Study {
    let definition = ResolvedDefinition(
      name: name,
      training: TrainingDefinition(dataset: "toy", datasetSHA256: String(repeating: "a", count: 64), split: .test),
      modelKind: "mlp",
      constants: ["units_1": .integer(3)], space: space, algorithm: "grid", algorithmVersion: 1, algorithmOptions: [:],
      metric: "validation_accuracy", goal: .maximize, budget: Budget(trials: 10),
      parallelism: 4, maxRunning: nil, seed: 0, trainingSeed: 0, labels: ["k": "v"], notes: "n", numerics: 1)
    return Study(
      id: UUID(), definition: ["name": .string(name)], resolved: definition, at: Date(timeIntervalSince1970: seconds))
  }

  static func trial(_ study: Study, _ number: Int) -> Trial {
    let point = Point(["a": .integer(number % 3 + 1), "x": .real(Double(number)), "c": .boolean(true)])
    let origin = Origin(
      kind: "poll", ["restart": .integer(1), "centre": .integer(1), "axis": .string("a"), "direction": .string("up")])
    return Trial(
      study: study.id, number: number,
      suggestion: Suggestion(point: point, horizon: number - 1, origin: origin), algorithmVersion: 1, worker: "w",
      at: Date(timeIntervalSince1970: 1_700_000_001.5))
  }

  static func completed(_ trial: Trial, _ value: Double) -> Trial {
    var trial = trial
    trial.state = .completed
    trial.value = value
    trial.scores = [value]
    trial.metrics = ["validation_accuracy": value, "validation_loss": 0.1 + 0.2]
    trial.finishedAt = Date(timeIntervalSince1970: 1_700_000_002.25)
    trial.computeSeconds = 0.75
    return trial
  }
}

/// What every store must keep; the one in memory says what is right.
@Suite struct StoreContractTests {
  /// Runs `body` over each store.
  func overEachStore(_ body: (any StudyStore) async throws -> Void) async throws {
    try await body(MemoryStudyStore())
    let folder = try TemporaryFolder()
    let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite")
    try await body(store)
    try store.close()
  }

  @Test func whatWasStoredIsRead() async throws {
    try await overEachStore { store in
      var study = Sample.study("s")
      let first = try await store.commit([.insertStudy(study)])
      #expect(try await store.study(named: "s")?.value == study)
      #expect(try await store.study(named: "s")?.position == first)
      #expect(try await store.study(id: study.id) == study)
      #expect(try await store.study(named: "t") == nil)

      study.state = .completed
      study.stateReason = "why"
      study.stopReason = StopReason(code: .stopped, detail: "d")
      study.finishedAt = Date(timeIntervalSince1970: 1_700_000_009)
      study.budget = Budget(trials: nil, seconds: 2.5)
      study.maxRunning = 3
      study.counts.completed = 2
      study.elapsedSeconds = 1.0 / 3
      study.edits = [StudyEdit(fromTrial: 3, at: Date(timeIntervalSince1970: 1_700_000_008), changes: ["budget": nil])]
      study.reproducible = Reproducibility(through: 4, reason: "r")
      study.revision = 2
      let trial = Sample.trial(study, 1)
      let done = Sample.completed(trial, 0.1)
      let points = [CurvePoint(step: 1, metrics: ["a": 0.1]), CurvePoint(step: 20, metrics: ["a": 0.2, "b": 1e-9])]
      let curve = LearningCurve(points)
      let second = try await store.commit([
        .updateStudy(study), .insertTrial(trial, lease: Lease(worker: "w")), .updateTrial(done, lease: nil),
        .curve(study: study.id, number: 1, curve: curve), .score(done),
      ])
      #expect(second == first + 3)
      #expect(try await store.study(named: "s")?.value == study)
      #expect(try await store.trial(study: study.id, number: 1)?.value == done)
      #expect(try await store.trial(study: study.id, number: 2) == nil)
      #expect(try await store.curve(study: study.id, number: 1).points == points)
      #expect(try await store.curve(study: study.id, number: 2).count == 0)
      #expect(try await store.position() == second)
    }
  }

  /// A trial's lease, as long as it has one.
  @Test func leasesOfWhatRuns() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      let trials = (1...3).map { Sample.trial(study, $0) }
      let local = Lease(worker: "local-1")
      var other = Lease(worker: "é", expiresAt: Date(timeIntervalSince1970: 1_700_000_000.123))
      try await store.commit([
        .insertStudy(study), .insertTrial(trials[0], lease: local), .insertTrial(trials[1], lease: other),
        .insertTrial(trials[2], lease: Lease(worker: "w")), .updateTrial(trials[2], lease: nil),
      ])
      #expect(try await store.leases(study: study.id) == [1: local, 2: other])
      #expect(try await store.leases(study: UUID()).isEmpty)
      let before = try await store.position()
      other.expiresAt = Date(timeIntervalSince1970: 1_700_000_600)
      #expect(try await store.commit([.renewLease(other, study: study.id, number: 2)]) == before, "nobody is told")
      #expect(try await store.leases(study: study.id) == [1: local, 2: other])
      try await store.commit([.deleteStudy(id: study.id, name: "s")])
      #expect(try await store.leases(study: study.id).isEmpty)
    }
  }

  /// Trials as they are stored, in pages.
  @Test func rowsAreTheTrials() async throws {
    var texts: [[String]] = []
    try await overEachStore { store in
      let study = Sample.study("s")
      let other = Sample.study("t")
      try await store.commit([
        .insertStudy(study), .insertStudy(other), .insertTrial(Sample.trial(other, 1), lease: Lease(worker: "w")),
      ])
      for number in 1...20 {
        var trial = Sample.trial(study, number)
        try await store.commit([.insertTrial(trial, lease: Lease(worker: "w"))])
        switch number % 4 {
        case 0: trial = Sample.completed(trial, Double(number) / 3)
        case 1: (trial.state, trial.error, trial.finishedAt) = (.failed, "é\n\"x\"", trial.createdAt)
        case 2: (trial.state, trial.error, trial.startedAt) = (.stopped, "", nil)
        default: continue
        }
        try await store.commit([.updateTrial(trial, lease: nil)])
      }
      func numbers(_ states: Set<TrialState>, limit: Int) async throws -> [Int] {
        var found: [Int] = []
        while true {
          let page = try #require(
            try await store.trialRows(study: study.id, states: states, beyond: found.last ?? 0, limit: limit))
          #expect(page.rows.count <= limit)
          found += page.rows.map(\.number)
          if page.isLast { return found }
        }
      }
      for limit in [1, 3, 5, 10, 100] {
        #expect(try await numbers([], limit: limit) == Array(1...20))
        #expect(try await numbers(Set(TrialState.allCases), limit: limit) == Array(1...20))
        #expect(try await numbers([.completed], limit: limit) == [4, 8, 12, 16, 20])
        #expect(try await numbers([.failed, .stopped], limit: limit) == [1, 2, 5, 6, 9, 10, 13, 14, 17, 18])
        #expect(try await numbers([.queued, .pruned], limit: limit) == [])
      }
      let page = try #require(try await store.trialRows(study: study.id, states: [], beyond: 0, limit: 8))
      #expect(!page.isLast)
      func text(_ range: Range<Int>) -> String { String(decoding: page.text[range], as: UTF8.self) }
      let last = try #require(page.rows.last)
      let trial = try #require(try await store.trial(study: study.id, number: 8)?.value)
      #expect(text(last.parameters) == trial.point.key && text(last.state) == "completed" && last.value == trial.value)
      #expect(
        last.createdAt == 1_700_000_001_500 && last.finishedAt == 1_700_000_002_250 && last.computeSeconds == 0.75)
      texts.append(page.rows.map { "\($0)" } + [String(decoding: page.text, as: UTF8.self)])
      #expect(try await store.trialRows(study: UUID(), states: [], beyond: 0, limit: 1) == nil)
      let empty = try #require(try await store.trialRows(study: study.id, states: [], beyond: 20, limit: 1))
      #expect(empty.rows.isEmpty && empty.isLast)
    }
    #expect(texts.count == 2 && texts[0] == texts[1])
  }

  @Test func curvesOfMany() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      try await store.commit([.insertStudy(study)])
      let curve = LearningCurve([CurvePoint(step: 1, metrics: ["a": 0.1])])
      for number in 1...3 {
        try await store.commit([.insertTrial(Sample.trial(study, number), lease: Lease(worker: "w"))])
      }
      let position = try await store.commit([.curve(study: study.id, number: 2, curve: curve)])
      let found = try await store.curves(study: study.id, numbers: [3, 2, 9])
      #expect(found.position == position && found.value.keys.sorted() == [2, 3])
      #expect(found.value[2] == curve && found.value[3]?.count == 0)
      #expect(try await store.curves(study: UUID(), numbers: [1]).value.isEmpty)
    }
  }

  @Test func totalsOverAllStudies() async throws {
    try await overEachStore { store in
      #expect(try await store.totals().studies.values.reduce(0, +) == 0)
      var (first, second) = (Sample.study("a"), Sample.study("b"))
      first.counts.completed = 5
      first.counts.failed = 2
      second.counts.completed = 3
      second.state = .paused
      try await store.commit([.insertStudy(first), .insertStudy(second), .insertStudy(Sample.study("c"))])
      let totals = try await store.totals()
      #expect(totals.studies[.running] == 2 && totals.studies[.paused] == 1 && totals.studies[.failed] ?? 0 == 0)
      #expect(totals.trials[.completed] == 8 && totals.trials[.failed] == 2 && totals.trials[.queued] ?? 0 == 0)
    }
  }

  /// The record keeps the first evaluation of a key, and outlives the study that paid for it.
  @Test func theRecord() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      let keys = (0..<3).map { EvaluationKey([UInt8](repeating: UInt8($0), count: 32)) }
      let curve = LearningCurve([
        CurvePoint(step: 1, metrics: ["a": 0.1]), CurvePoint(step: 7, metrics: ["a": 1.0 / 3]),
      ])
      let finished = RecordedEvaluation(
        key: keys[0], outcome: .finished(curve), study: study.id, origin: "s/trials/1", computeSeconds: 0.25)
      let diverged = RecordedEvaluation(
        key: keys[1], outcome: .diverged(iteration: 12), study: study.id, origin: "s", computeSeconds: 0)
      try await store.commit([.insertStudy(study), .evaluation(finished), .evaluation(diverged)])
      var other = finished
      other.origin = "t/trials/9"
      let position = try await store.position()
      try await store.commit([.evaluation(other)])
      // Nobody listens for what goes to the record.
      #expect(try await store.position() == position)
      let found = try await store.evaluations(keys)
      #expect(found == [keys[0]: finished, keys[1]: diverged])
      try await store.commit([.deleteStudy(id: study.id, name: "s")])
      #expect(try await store.evaluations([keys[0], keys[2]]) == [keys[0]: finished])
    }
  }

  /// The scores of folds come back as they were; an evaluation from before they were recorded gets them, and keeps the rest.
  @Test func theRecordHasFolds() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      let keys = (0..<2).map { EvaluationKey([UInt8](repeating: UInt8($0), count: 32)) }
      let curve = LearningCurve([CurvePoint(step: 1, metrics: ["a": 0.1])])
      let folds = [FoldScore(accuracy: 1.0 / 3, loss: 0.25), FoldScore(accuracy: 0.1, loss: 1e-300)]
      let whole = RecordedEvaluation(
        key: keys[0], outcome: .finished(curve), folds: folds, study: study.id, origin: "s", computeSeconds: 0.25)
      var older = whole
      older.key = keys[1]
      older.folds = []
      try await store.commit([.insertStudy(study), .evaluation(whole), .evaluation(older)])
      #expect(try await store.evaluations(keys) == [keys[0]: whole, keys[1]: older])
      var later = older
      later.folds = folds
      later.origin = "t"
      var other = whole
      other.folds = [FoldScore(accuracy: 0, loss: 0)]
      try await store.commit([.evaluation(later), .evaluation(other)])
      older.folds = folds
      #expect(try await store.evaluations(keys) == [keys[0]: whole, keys[1]: older])
    }
  }

  @Test func namesAreTakenOnce() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      try await store.commit([.insertStudy(study)])
      await #expect(throws: StoreError.nameTaken("s")) { try await store.commit([.insertStudy(Sample.study("s"))]) }
      try await store.commit([.deleteStudy(id: study.id, name: "s")])
      #expect(try await store.study(named: "s") == nil)
      try await store.commit([.insertStudy(Sample.study("s"))])
    }
  }

  @Test func aPointIsTriedOnce() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      try await store.commit([
        .insertStudy(study), .insertTrial(Sample.trial(study, 1), lease: Lease(worker: "w")),
      ])
      var again = Sample.trial(study, 2)
      again.point = Sample.trial(study, 1).point
      let twice = again
      await #expect(throws: StoreError.trialTaken) {
        try await store.commit([.insertTrial(twice, lease: Lease(worker: "w"))])
      }
      again.replicate = 1
      try await store.commit([.insertTrial(again, lease: Lease(worker: "w"))])
      let sameNumber = Sample.trial(study, 1)
      await #expect(throws: StoreError.trialTaken) {
        try await store.commit([.insertTrial(sameNumber, lease: Lease(worker: "w"))])
      }
    }
  }

  /// Equal means are ordered by loss, points without one last, and then by first trial, in both directions.
  @Test func bestPointsHaveOneOrder() async throws {
    try await overEachStore { store in
      for goal in [Goal.maximize, .minimize] {
        var study = Sample.study("s-\(goal)")
        study.resolved.goal = goal
        try await store.commit([.insertStudy(study)])
        #expect(try await store.leaders(of: [study.id]).isEmpty)
        let losses: [Double?] = [0.5, nil, 0.25, 0.5, nil, 0.125, nil, 0.25]
        let means = [1.0, 1, 1, 1, 2, 2, 1, 3]
        for index in losses.indices {
          let trial = Sample.trial(study, index + 1)
          let done = Sample.completed(trial, means[index])
          try await store.commit([
            .insertTrial(trial, lease: Lease(worker: "w")), .updateTrial(done, lease: nil),
            .score(done, tieBreak: losses[index]),
          ])
        }
        let wanted = goal == .maximize ? [8, 6, 5, 3, 1, 4, 2, 7] : [3, 1, 4, 2, 7, 6, 5, 8]
        for count in [1, 4, 100] {
          let best = try await store.bestPoints(study: study.id, maximize: goal == .maximize, count: count).value
          #expect(best.map(\.trials) == wanted.prefix(count).map { [$0] })
        }
        #expect(try await store.leaders(of: [study.id, UUID()]).mapValues(\.trials) == [study.id: [wanted[0]]])
      }
    }
  }

  @Test func aPointTellsItsFirstHundredTrials() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      try await store.commit([.insertStudy(study)])
      for number in 1...103 {
        var trial = Sample.trial(study, number)
        trial.point = Sample.trial(study, 1).point
        trial.replicate = number - 1
        let done = Sample.completed(trial, 0.5)
        try await store.commit([
          .insertTrial(trial, lease: Lease(worker: "w")), .updateTrial(done, lease: nil), .score(done),
        ])
      }
      let best = try #require(try await store.bestPoints(study: study.id, maximize: true, count: 10).value.first)
      #expect(best.runs == 103 && best.trials == Array(1...100))
    }
  }

  @Test func scoresOfAPointAreMerged() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      try await store.commit([.insertStudy(study)])
      for (number, scores) in [(1, [0.25, 0.5]), (2, [0.75])] {
        var trial = Sample.completed(Sample.trial(study, number), scores.reduce(0, +) / Double(scores.count))
        trial.point = Sample.trial(study, 1).point
        trial.replicate = number - 1
        trial.scores = scores
        var started = Sample.trial(study, number)
        started.point = trial.point
        started.replicate = trial.replicate
        try await store.commit([
          .insertTrial(started, lease: Lease(worker: "w")), .updateTrial(trial, lease: nil), .score(trial),
        ])
      }
      let best = try #require(try await store.bestPoints(study: study.id, maximize: true, count: 10).value.first)
      #expect(best.runs == 3 && best.trials == [1, 2])
      #expect(abs(best.mean - 0.5) < 1e-15 && abs(best.squaredDeviations - 0.125) < 1e-15)
    }
  }

  @Test func manyAtOnceUnderContention() async throws {
    try await overEachStore { store in
      let studies = (0..<8).map { Sample.study("s\($0)") }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for study in studies {
          group.addTask {
            try await store.commit([.insertStudy(study)])
            for number in 1...20 {
              try await store.commit([.insertTrial(Sample.trial(study, number), lease: Lease(worker: "w"))])
              _ = try await store.trials(study: study.id, TrialFilter(), after: nil, limit: 5)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.position() == 8 * 21)
    }
  }
}
