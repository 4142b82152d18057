import Datasets
import Foundation
import ModelTraining
import Studies
import StudyDefinitions

/// A piece of work that waits for what the record knows of it.
public struct PreparedWork: Sendable {
  /// What the record may have; empty where nothing is to be reused.
  public var keys: [EvaluationKey]
  /// Does the work on the calling thread. `early` takes what is known of some trials while others still run.
  public var run: @Sendable (_ known: [EvaluationKey: RecordedEvaluation], _ early: (WorkReport) -> Void) -> WorkReport

  /// Makes prepared work.
  public init(
    keys: [EvaluationKey] = [],
    run:
      @escaping @Sendable (_ known: [EvaluationKey: RecordedEvaluation], _ early: (WorkReport) -> Void) -> WorkReport
  ) {
    self.keys = keys
    self.run = run
  }

  /// Work that ends at once with the same report for every trial.
  init(_ work: Work, every report: TrialReport) {
    self.init { _, _ in
      guard case .trials(let trials) = work else { return WorkReport() }
      return WorkReport(trials: Dictionary(uniqueKeysWithValues: trials.map { ($0.number, report) }))
    }
  }
}

/// Turns a piece of work into trainings and their outcomes into reports.
public struct ModelTrainer: Sendable {
  /// The data set of a content hash.
  public var dataset: @Sendable (_ name: String, _ sha256: String) throws -> Dataset
  /// The version of the arithmetic.
  public var numerics: Int
  /// The time that passes, in seconds from any moment, by which trainings are held against their limit.
  var now: @Sendable () -> Double = { Stopwatch.wallSeconds() }
  let trajectories: TrajectoryCache
  let foldCache: FoldCache
  /// Keeps the models of a trial's folds, on a training thread; nil where none are wanted.
  let keep: ModelKeeping?

  /// Keeps the trained folds of a piece of work, with the data set that they were trained on.
  public typealias ModelKeeping = @Sendable (ModelAssignment, [TrainedFold], Dataset) throws -> Void

  /// Makes a trainer that reads data sets by `dataset` and keeps trainings to continue.
  public init(
    numerics: Int = ModelCatalogue.numerics, trajectories: TrajectoryCache = TrajectoryCache(),
    foldCache: FoldCache = FoldCache(), keep: ModelKeeping? = nil,
    dataset: @escaping @Sendable (_ name: String, _ sha256: String) throws -> Dataset
  ) {
    self.dataset = dataset
    self.numerics = numerics
    self.trajectories = trajectories
    self.foldCache = foldCache
    self.keep = keep
  }

  /// Finds out what a piece of work consists of, and by which keys the record knows it.
  public func prepare(_ work: Work) -> PreparedWork {
    let definition = work.definition
    guard let model = ModelCatalogue.named(definition.modelKind) else {
      return PreparedWork(
        work,
        every: .failed(message: "This version has no model of kind \(definition.modelKind).", class: .error))
    }
    if case .model(let assignment) = work {
      return PreparedWork { _, _ in WorkReport(model: train(assignment, model)) }
    }
    let groups = groups(work, of: model)
    let keys = definition.reuse ? groups.flatMap { $0.keys.flatMap(\.values) } : []
    return PreparedWork(keys: keys) { known, early in
      var run = TrainingRun(
        model, work, known, trajectories: trajectories, foldCache: foldCache, now: now, dataset: dataset)
      for group in groups { run.train(group, early: early) }
      return run.report
    }
  }
}

extension TrainingSplit {
  /// The split as the training room knows it.
  public var forTraining: ValidationSplit {
    switch split {
    case .second, .test: setAside.map { .testSettingAside($0) } ?? .test
    case .holdout(let share, _): .holdout(share, test: setAside)
    case .folds(let count): .folds(count, test: setAside)
    }
  }
}
