import Datasets
import Foundation
import ModelTraining
import SearchSpace
import StudyDefinitions
import Testing

@testable import Studies
@testable import TrialExecution

/// What trials get from trainings, shared, repeated, recorded or not.
@Suite struct ModelTrainerTests {
  private func definition(
    repeats: Int = 1, reuse: Bool = true, split: SplitDefinition = .test, final: FinalPart? = nil
  ) -> ResolvedDefinition {
    ResolvedDefinition(
      name: "s",
      training: TrainingDefinition(
        dataset: "blobs", datasetSHA256: "blobs", split: split, final: final, repeats: repeats),
      modelKind: "mlp",
      constants: [
        "layers": .integer(1), "activation_1": .string("tanh"), "learning_rate": .real(0.2),
      ],
      space: ParameterSpace([
        Parameter(name: "iterations", domain: .levels([.integer(10), .integer(30), .integer(45)])),
        Parameter(name: "units_1", domain: .levels([.integer(2), .integer(4)])),
      ]),
      algorithm: "grid", algorithmVersion: 1, algorithmOptions: [:], metric: "validation_loss", goal: .minimize,
      budget: Budget(), parallelism: 4, maxRunning: nil, seed: 0,
      trainingSeed: 5,
      reuse: reuse, labels: [:], notes: nil, numerics: 1)
  }

  private let study = UUID()

  private func trials(
    _ definition: ResolvedDefinition, _ points: [(iterations: Int, units: Int)], replicate: Int = 0, study: UUID? = nil
  ) -> Work {
    .trials(
      points.enumerated().map { place, point in
        TrialAssignment(
          lease: Lease(worker: "w"), study: study ?? self.study, studyName: "s", number: place + 1,
          replicate: replicate, attempt: 1, definition: definition,
          point: Point(["iterations": .integer(point.iterations), "units_1": .integer(point.units)]),
          cancellation: CancellationFlag())
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

  /// What does not depend on clocks.
  private func bare(_ report: TrialReport?) -> TrialReport? {
    guard case .completed(let scores, let metrics, let curve, _, _)? = report else { return report }
    return .completed(scores: scores, metrics: metrics, curve: curve, computeSeconds: 0)
  }

  @Test func sharedOrNot() throws {
    let points = [(10, 2), (30, 2), (45, 2), (10, 4), (45, 4)]
    let together = run(trials(definition(repeats: 2), points), trainer())
    for (place, point) in points.enumerated() {
      let alone = run(trials(definition(repeats: 2), [point]), trainer())
      #expect(bare(together.trials[place + 1]) == bare(alone.trials[1]), "\(point)")
    }
    guard case .completed(let scores, let metrics, let curve, let seconds, nil)? = together.trials[3] else {
      Issue.record("no outcome")
      return
    }
    #expect(scores.count == 2 && scores[0] != scores[1] && seconds > 0)
    #expect(metrics == curve.lastMetrics && curve.points.last?.step == 45)
    #expect(scores.mean == metrics["validation_loss"])
    // Two trainings of each of two sizes, read at the three levels of the grid.
    #expect(together.evaluations.count == 12 && Set(together.evaluations.map(\.key)).count == 12)
  }

  @Test func streamsOfRepeatsAndReplicatesMeet() {
    let two = run(trials(definition(repeats: 2), [(30, 2)]), trainer())
    let second = run(trials(definition(), [(30, 2)], replicate: 1), trainer())
    guard case .completed(let scores, _, _, _, _)? = two.trials[1],
      case .completed(let others, _, _, _, _)? = second.trials[1]
    else {
      Issue.record("no outcome")
      return
    }
    #expect(scores[1] == others[0])
  }

  /// What another study has paid for is not trained again, and says where it comes from.
  @Test func theRecordAnswers() {
    let other = UUID()
    let first = run(trials(definition(repeats: 2), [(45, 4)], study: other), trainer())
    #expect(
      first.evaluations.allSatisfy { $0.study == other } && Set(first.evaluations.map(\.origin)) == ["s/trials/1"])
    let again = run(trials(definition(repeats: 2), [(45, 4), (10, 4)]), trainer(), known: first.evaluations)
    #expect(again.evaluations.isEmpty)
    #expect(bare(again.trials[1]) == bare(first.trials[1]))
    for number in [1, 2] {
      guard case .completed(_, _, _, let seconds, let origin)? = again.trials[number] else {
        Issue.record("no outcome")
        continue
      }
      #expect(seconds == 0 && origin == "s/trials/1")
    }
    // One repeat more is trained, and then the trial is its own.
    let three = run(trials(definition(repeats: 3), [(45, 4)]), trainer(), known: first.evaluations)
    guard case .completed(let scores, _, _, let seconds, nil)? = three.trials[1] else {
      Issue.record("no outcome, or one that says it was reused")
      return
    }
    #expect(scores.count == 3 && seconds > 0 && three.evaluations.count == 3)
    #expect(bare(three.trials[1]) == bare(run(trials(definition(repeats: 3), [(45, 4)]), trainer()).trials[1]))
  }

  /// Each fold's score is told, from a training as from the record, and their mean is what it was before they were.
  @Test func foldsAreTold() throws {
    let folded = definition(repeats: 2, split: .folds(4))
    let first = run(trials(folded, [(45, 4), (10, 4)]), trainer())
    guard case .completed(let scores, let metrics, let curve, _, _)? = first.trials[1] else {
      Issue.record("no outcome")
      return
    }
    #expect(scores.count == 8 && Set(scores).count > 2)
    #expect(folded.value(of: scores) == metrics["validation_loss"])
    #expect(curve.lastMetrics["validation_loss"] == metrics["validation_loss"])
    #expect(first.evaluations.allSatisfy { $0.folds.count == 4 })
    let answered = run(trials(folded, [(45, 4), (10, 4)], study: UUID()), trainer(), known: first.evaluations)
    #expect(answered.evaluations.isEmpty)
    #expect(bare(answered.trials[1]) == bare(first.trials[1]))
    #expect(bare(answered.trials[2]) == bare(first.trials[2]))
    // An evaluation from before folds were recorded lacks them: it is trained once more, and gives the same.
    let older = first.evaluations.map { evaluation in
      var evaluation = evaluation
      evaluation.folds = []
      return evaluation
    }
    let again = run(trials(folded, [(45, 4), (10, 4)]), trainer(), known: older)
    #expect(again.evaluations.count == first.evaluations.count)
    #expect(bare(again.trials[1]) == bare(first.trials[1]))
    #expect(bare(again.trials[2]) == bare(first.trials[2]))
  }

  /// What is scored at the end decides no bit of a training, and no key of the record.
  @Test func theFinalPartDecidesNothing() {
    let plain = run(trials(definition(split: .holdout(0.25, test: nil)), [(45, 4)]), trainer())
    let final = run(trials(definition(split: .holdout(0.25, test: nil), final: .second), [(45, 4)]), trainer())
    #expect(bare(plain.trials[1]) == bare(final.trials[1]))
    #expect(Set(plain.evaluations.map(\.key)) == Set(final.evaluations.map(\.key)))
    let share = run(trials(definition(split: .holdout(0.25, test: nil), final: .share(0.2)), [(45, 4)]), trainer())
    let test = run(trials(definition(split: .holdout(0.25, test: 0.2)), [(45, 4)]), trainer())
    #expect(bare(share.trials[1]) == bare(test.trials[1]))
    #expect(Set(share.evaluations.map(\.key)) == Set(test.evaluations.map(\.key)))
    #expect(bare(share.trials[1]) != bare(plain.trials[1]))
  }

  @Test func whatWasRunAheadCostsWhatItCost() {
    let ahead = AheadAssignment(
      study: study, studyName: "s", definition: definition(),
      point: Point(["iterations": .integer(30), "units_1": .integer(2)]), replicate: 0,
      cancellation: CancellationFlag())
    let report = run(.ahead(ahead), trainer())
    #expect(report.trials.isEmpty && report.evaluations.count == 2)
    let answered = run(trials(definition(), [(30, 2)]), trainer(), known: report.evaluations)
    guard case .completed(_, _, _, let seconds, nil)? = answered.trials[1] else {
      Issue.record("no outcome, or one that says it was reused")
      return
    }
    #expect(
      answered.evaluations.isEmpty
        && seconds == report.evaluations.first { $0.computeSeconds == seconds }?.computeSeconds)
    #expect(bare(answered.trials[1]) == bare(run(trials(definition(), [(30, 2)]), trainer()).trials[1]))
  }

  /// A training that was recorded and whose outcome was not, since the service stopped, is still this trial's own.
  @Test func whatWasTrainedBeforeAStopIsItsOwn() {
    let first = run(trials(definition(), [(45, 4)]), trainer())
    let again = run(trials(definition(), [(45, 4)]), trainer(), known: first.evaluations)
    guard case .completed(_, _, _, let seconds, nil)? = again.trials[1] else {
      Issue.record("no outcome, or one that says it was reused")
      return
    }
    #expect(again.evaluations.isEmpty && seconds > 0)
  }

  @Test func nothingIsAskedOfTheRecordWhereNothingIsReused() {
    #expect(trainer().prepare(trials(definition(reuse: false), [(30, 2)])).keys.isEmpty)
    #expect(trainer().prepare(trials(definition(), [(30, 2)])).keys.count == 2)
  }

  @Test func cancelledTrialsComeBack() {
    let work = trials(definition(), [(10, 2), (30, 2)])
    if case .trials(let trials) = work { for trial in trials { trial.cancellation.set() } }
    #expect(run(work, trainer()).trials == [1: .returned, 2: .returned])
  }
}
