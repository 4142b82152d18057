import Datasets
import Foundation
import ModelTraining
import PruningRules
import SearchSpace
import StudyDefinitions
import Testing

@testable import Studies
@testable import TrialExecution

/// What a rule makes of trainings: really stopped, and the same whether they are trained, shared, continued or recorded.
@Suite struct PruningTests {
  private func definition(
    repeats: Int = 1, reuse: Bool = true, split: SplitDefinition = .test, rate: Double = 0.2, decay: Double = 0,
    batch: Int = 0
  ) -> ResolvedDefinition {
    ResolvedDefinition(
      name: "s",
      training: TrainingDefinition(dataset: "blobs", datasetSHA256: "blobs", split: split, repeats: repeats),
      modelKind: "mlp",
      constants: [
        "layers": .integer(1), "activation_1": .string("tanh"), "learning_rate": .real(rate),
        "weight_decay": .real(decay), "batch_size": .integer(batch),
      ],
      space: ParameterSpace([
        Parameter(name: "iterations", domain: .levels([.integer(10), .integer(30), .integer(45)])),
        Parameter(name: "units_1", domain: .levels([.integer(2), .integer(4)])),
      ]),
      algorithm: "grid", algorithmVersion: 1, algorithmOptions: [:], metric: "validation_loss", goal: .minimize,
      budget: Budget(), parallelism: 4, maxRunning: nil, seed: 0, trainingSeed: 5,
      reuse: reuse, labels: [:], notes: nil, numerics: 1)
  }

  private let study = UUID()

  /// Ends what is above a bound at a step.
  private func judge(above bound: Double, from step: Int = 0) -> PruningJudge? {
    PruningJudge(
      rule: "threshold", options: ["upper": .real(bound), "warmup_steps": .integer(step)], maximize: false)
  }

  private func trials(
    _ definition: ResolvedDefinition, _ points: [(iterations: Int, units: Int, judge: PruningJudge?)],
    study: UUID? = nil
  ) -> Work {
    .trials(
      points.enumerated().map { place, point in
        TrialAssignment(
          lease: Lease(worker: "w"), study: study ?? self.study, studyName: "s", number: place + 1, replicate: 0,
          attempt: 1, definition: definition,
          point: Point(["iterations": .integer(point.iterations), "units_1": .integer(point.units)]),
          judge: point.judge, cancellation: CancellationFlag())
      })
  }

  private func trainer() -> ModelTrainer { ModelTrainer { _, _ in Dataset.blobs } }

  private func run(
    _ work: Work, _ trainer: ModelTrainer, known: [RecordedEvaluation] = []
  ) -> WorkReport {
    let record = Dictionary(uniqueKeysWithValues: known.map { ($0.key, $0) })
    let prepared = trainer.prepare(work)
    return prepared.run(record.filter { prepared.keys.contains($0.key) }) { _ in }
  }

  /// What does not depend on clocks, nor on who has paid.
  private func bare(_ report: TrialReport?) -> TrialReport? {
    switch report {
    case .completed(let scores, let metrics, let curve, _, _)?:
      .completed(scores: scores, metrics: metrics, curve: curve, computeSeconds: 0)
    case .pruned(let step, let value, let metrics, let curve, _, _)?:
      .pruned(step: step, value: value, metrics: metrics, curve: curve, computeSeconds: 0)
    case .infeasible(let reason, _, _)?: .infeasible(reason: reason, computeSeconds: 0)
    default: report
    }
  }

  /// The curve of a trial that nothing ends early.
  private func wholeCurve(_ definition: ResolvedDefinition, _ iterations: Int, _ units: Int) throws -> LearningCurve {
    let report = run(trials(definition, [(iterations, units, nil)]), trainer()).trials[1]
    guard case .completed(_, _, let curve, _, _)? = report else {
      Issue.record("no outcome: \(String(describing: report))")
      throw CancellationError()
    }
    return curve
  }

  @Test(arguments: [1, 3]) func itEndsAtTheFirstStepThatIsJudgedBad(_ repeats: Int) throws {
    let definition = definition(repeats: repeats)
    let whole = try wholeCurve(definition, 45, 2)
    let steps = whole.points.map(\.step)
    for place in [0, 1, steps.count / 2, steps.count - 2] {
      // The first step from here on whose mean loss is above 0 is this one.
      let report = run(trials(definition, [(45, 2, judge(above: 0, from: steps[place]))]), trainer())
      let point = whole.points[place]
      #expect(
        bare(report.trials[1])
          == .pruned(
            step: point.step, value: try #require(point.metrics["validation_loss"]), metrics: point.metrics,
            curve: whole.prefix(through: point.step), computeSeconds: 0))
      // Levels of the grid that it has passed are in the record, and its end is not.
      let levels = [10, 30].filter { $0 < point.step }.count
      #expect(report.evaluations.count == levels * repeats)
    }
  }

  @Test func whatIsGoodEnoughIsAsIfNobodyJudged() throws {
    for (repeats, batch) in [(1, 0), (2, 0), (2, 7)] {
      let definition = definition(repeats: repeats, batch: batch)
      let plain = run(trials(definition, [(45, 2, nil), (10, 2, nil)]), trainer())
      let judged = run(trials(definition, [(45, 2, judge(above: 1e9)), (10, 2, judge(above: 1e9))]), trainer())
      #expect(bare(judged.trials[1]) == bare(plain.trials[1]) && bare(judged.trials[2]) == bare(plain.trials[2]))
      #expect(Set(judged.evaluations.map(\.key)) == Set(plain.evaluations.map(\.key)))
      #expect(judged.trials.values.allSatisfy { $0.computeSeconds > 0 })
    }
  }

  /// At the last step there is nothing more to save, and the trial has its value.
  @Test func theEndIsNotJudged() throws {
    let report = run(trials(definition(), [(45, 2, judge(above: 0, from: 45))]), trainer())
    guard case .completed? = report.trials[1] else {
      Issue.record("it was pruned at its end")
      return
    }
  }

  /// Trials that share a training are each judged by what they know: the others go on.
  @Test func sharedOrNot() throws {
    let points: [(Int, Int, PruningJudge?)] = [
      (10, 2, judge(above: 1e9)), (30, 2, judge(above: 0, from: 8)), (45, 2, nil), (45, 4, judge(above: 0, from: 20)),
    ]
    for definition in [definition(), definition(repeats: 2), definition(split: .folds(4))] {
      let together = run(trials(definition, points), trainer())
      for (place, point) in points.enumerated() {
        let alone = run(trials(definition, [point]), trainer())
        #expect(bare(together.trials[place + 1]) == bare(alone.trials[1]), "\(place)")
      }
      #expect(together.trials.count == points.count)
    }
  }

  /// What another study has trained is judged as if it ran.
  @Test func theRecordIsJudged() throws {
    for definition in [definition(), definition(repeats: 2), definition(repeats: 2, split: .folds(4))] {
      let other = run(trials(definition, [(45, 2, nil)], study: UUID()), trainer())
      for judge in [judge(above: 0, from: 20), judge(above: 1e9), judge(above: 0, from: 45)] {
        let trained = run(trials(definition, [(45, 2, judge)]), trainer())
        let answered = run(trials(definition, [(45, 2, judge)]), trainer(), known: other.evaluations)
        #expect(bare(answered.trials[1]) == bare(trained.trials[1]))
        #expect(answered.evaluations.isEmpty && answered.trials[1]?.reusedFrom == "s/trials/1")
        #expect(answered.trials[1]?.computeSeconds == 0)
      }
    }
  }

  /// One stream is in the record and the other is not.
  @Test func halfOfTheRecordIsJudgedWithTheRest() throws {
    let both = definition(repeats: 2)
    let first = run(trials(definition(), [(45, 2, nil)], study: UUID()), trainer())
    for judge in [judge(above: 0, from: 20), judge(above: 1e9)] {
      let trained = run(trials(both, [(45, 2, judge)]), trainer())
      let answered = run(trials(both, [(45, 2, judge)]), trainer(), known: first.evaluations)
      #expect(bare(answered.trials[1]) == bare(trained.trials[1]))
      #expect(answered.trials[1]?.reusedFrom == nil)
    }
  }

  /// A training that is continued has passed the step, and is judged there all the same.
  @Test func continuedOrNot() throws {
    let trainer = trainer()
    let definition = definition(repeats: 2)
    let judges = [judge(above: 1e9), judge(above: 0, from: 30), judge(above: 0, from: 5), judge(above: 0, from: 12)]
    for judge in judges {
      let again = run(trials(definition, [(45, 2, judge)]), trainer)
      let alone = run(trials(definition, [(45, 2, judge)]), self.trainer())
      #expect(bare(again.trials[1]) == bare(alone.trials[1]))
    }
  }

  /// Where a training diverges after the step that was judged, the trial is pruned; also where the record knows that it
  /// diverges.
  @Test func divergence() throws {
    let wild = definition(repeats: 2, rate: 1000, decay: 900)
    let plain = run(trials(wild, [(45, 4, nil)], study: UUID()), trainer())
    #expect(bare(plain.trials[1]) == .infeasible(reason: "diverged", computeSeconds: 0))
    let late = run(trials(wild, [(45, 4, judge(above: 1e300))]), trainer())
    #expect(bare(late.trials[1]) == .infeasible(reason: "diverged", computeSeconds: 0))
    let known = run(trials(wild, [(45, 4, judge(above: 1e300))]), trainer(), known: plain.evaluations)
    #expect(bare(known.trials[1]) == bare(late.trials[1]))
    let early = run(trials(wild, [(45, 4, judge(above: 0))]), trainer())
    let again = run(trials(wild, [(45, 4, judge(above: 0))]), trainer(), known: plain.evaluations)
    #expect(bare(early.trials[1]) == bare(again.trials[1]))
  }

  @Test func whatIsRunAheadIsNotTrainedInVain() {
    var ahead = AheadAssignment(
      study: study, studyName: "s", definition: definition(),
      point: Point(["iterations": .integer(45), "units_1": .integer(2)]), replicate: 0, judge: judge(above: 0),
      cancellation: CancellationFlag())
    #expect(run(.ahead(ahead), trainer()).evaluations.isEmpty)
    ahead.judge = judge(above: 1e9)
    #expect(run(.ahead(ahead), trainer()).evaluations.count == 3)
  }

  @Test func cancelledTrialsComeBack() {
    let work = trials(definition(repeats: 2), [(10, 2, judge(above: 1)), (30, 2, judge(above: 1))])
    if case .trials(let trials) = work { for trial in trials { trial.cancellation.set() } }
    #expect(run(work, trainer()).trials == [1: .returned, 2: .returned])
  }
}
