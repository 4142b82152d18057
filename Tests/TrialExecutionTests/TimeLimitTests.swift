import Datasets
import Foundation
import ModelTraining
import Promises
import PruningRules
import SearchSpace
import StudyDefinitions
import Testing

@testable import Studies
@testable import TrialExecution

/// What `budget.trial_seconds` makes of trainings, by a clock that is a second later whenever it is looked at.
@Suite struct TimeLimitTests {
  private static let ends = [10, 30, 45]
  private let study = UUID()

  private func definition(repeats: Int, reuse: Bool) -> ResolvedDefinition {
    ResolvedDefinition(
      name: "s",
      training: TrainingDefinition(dataset: "blobs", datasetSHA256: "blobs", split: .test, repeats: repeats),
      modelKind: "mlp",
      constants: ["layers": .integer(1), "units_1": .integer(3), "learning_rate": .real(0.2)],
      space: ParameterSpace([
        Parameter(name: "iterations", domain: .levels(Self.ends.map { .integer($0) }))
      ]),
      algorithm: "grid", algorithmVersion: 1, algorithmOptions: [:], metric: "validation_loss", goal: .minimize,
      budget: Budget(), parallelism: 4, maxRunning: nil, seed: 0, trainingSeed: 5,
      reuse: reuse, labels: [:], notes: nil, numerics: 1)
  }

  /// `judged`: by a rule that ends nothing.
  private func work(
    _ ends: [Int], limit: Double?, repeats: Int = 1, reuse: Bool = true, judged: Bool = false
  ) -> Work {
    .trials(
      ends.enumerated().map { place, end in
        TrialAssignment(
          lease: Lease(worker: "w"), study: study, studyName: "s", number: place + 1, replicate: 0, attempt: 1,
          definition: definition(repeats: repeats, reuse: reuse), point: Point(["iterations": .integer(end)]),
          judge: judged ? PruningJudge(rule: "threshold", options: ["upper": .real(1e9)], maximize: false) : nil,
          secondsLimit: limit, cancellation: CancellationFlag())
      })
  }

  private func trainer() -> ModelTrainer {
    var trainer = ModelTrainer { _, _ in Dataset.blobs }
    let seconds = Locked(0.0)
    trainer.now = {
      seconds.withLock { seconds in
        seconds += 1
        return seconds
      }
    }
    return trainer
  }

  private func run(_ work: Work, _ trainer: ModelTrainer, known: [RecordedEvaluation] = []) -> WorkReport {
    let record = Dictionary(uniqueKeysWithValues: known.map { ($0.key, $0) })
    return trainer.prepare(work).run(record) { _ in }
  }

  private func value(_ report: TrialReport?) -> [Double]? {
    guard case .completed(let scores, _, _, _, _)? = report else { return nil }
    return scores
  }

  private func isOverdue(_ report: TrialReport?) -> Bool {
    guard case .failed(let message, .time)? = report else { return false }
    return message.contains("budget.trial_seconds")
  }

  /// Of trials that share a training those fail that it reaches too late, and the others are what they are without a limit.
  @Test(arguments: [(1, false), (2, false), (1, true), (2, true)])
  func theLaterTrialsFail(repeats: Int, judged: Bool) {
    let free = run(work(Self.ends, limit: nil, repeats: repeats, judged: judged), trainer())
    var counts: Set<Int> = []
    for limit in (0..<60).map({ 0.5 * pow(1.25, Double($0)) }) {
      let report = run(work(Self.ends, limit: limit, repeats: repeats, judged: judged), trainer())
      let completed = (1...3).prefix { value(report.trials[$0]) != nil }.count
      counts.insert(completed)
      for number in 1...3 {
        if number <= completed {
          #expect(value(report.trials[number]) == value(free.trials[number]))
        } else {
          #expect(isOverdue(report.trials[number]), "limit \(limit), trial \(number)")
        }
      }
    }
    #expect(counts.isSuperset(of: [0, 3]) && counts.count > 2)
  }

  /// A training that is continued has taken what it took before; what it knows already takes no time.
  @Test(arguments: [false, true]) func whatCameBeforeCounts(judged: Bool) {
    let trainer = trainer()
    let first = run(work([10], limit: nil, reuse: false, judged: judged), trainer)
    #expect(isOverdue(run(work([45], limit: 0.5, reuse: false, judged: judged), trainer).trials[1]))
    let again = run(work([10], limit: 0.5, reuse: false, judged: judged), trainer)
    #expect(value(again.trials[1]) == value(first.trials[1]) && value(again.trials[1]) != nil)
  }

  @Test(arguments: [false, true]) func theRecordTakesNoTime(judged: Bool) {
    let first = run(work([45], limit: nil, judged: judged), trainer())
    let again = run(work([45], limit: 0.5, judged: judged), trainer(), known: first.evaluations)
    #expect(value(again.trials[1]) == value(first.trials[1]) && value(again.trials[1]) != nil)
  }

  /// A clock that does not move ends nothing, however small the limit.
  @Test func onlyTimeEndsATraining() {
    var still = trainer()
    still.now = { 7 }
    #expect(run(work(Self.ends, limit: 1e-9), still).trials.values.allSatisfy { value($0) != nil })
  }

  @Test func aPointRunAheadEndsToo() {
    let ahead = AheadAssignment(
      study: study, studyName: "s", definition: definition(repeats: 1, reuse: true),
      point: Point(["iterations": .integer(45)]), replicate: 0, secondsLimit: 0.5, cancellation: CancellationFlag())
    #expect(run(.ahead(ahead), trainer()).evaluations.isEmpty)
  }
}
