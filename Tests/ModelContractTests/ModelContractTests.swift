import Datasets
import SearchSpace
import Testing

@testable import ModelTraining

/// What every kind of model promises.
@Suite struct ModelContractTests {
  private func trajectory(_ model: ModelCase, _ split: ValidationSplit = .test, stream: UInt64 = 0, seed: UInt64 = 0)
    throws -> any TrainingTrajectory
  {
    try model.model.trajectory(
      ModelCases.request(model.settings, split: split, stream: stream, seed: seed), sharing: FoldCache())
  }

  private func outcomes(_ trajectory: any TrainingTrajectory, _ ends: Set<Int>) throws -> [Int: EvaluationOutcome] {
    try #require(trajectory.outcomes(after: ends, passing: { _, _ in }, isCancelled: { false }))
  }

  private static let splits: [ValidationSplit] = [.test, .holdout(0.25, test: nil), .folds(3)]

  // MARK: What it says of itself

  @Test func namesAreUnique() {
    let kinds = ModelCatalogue.all.map { $0.kind }
    #expect(Set(kinds).count == kinds.count && !kinds.isEmpty)
    #expect(Set(ModelCase.models.map { $0.network.format }).count == ModelCase.models.count)
    for model in ModelCatalogue.all { #expect(ModelCatalogue.named(model.kind) == model) }
    #expect(ModelCatalogue.named("no such kind") == nil)
  }

  @Test(arguments: ModelCase.kinds) func descriptionsAreComplete(_ model: ModelCase) throws {
    let parameters = model.model.parameters
    #expect(model.model.summary.hasSuffix(".") && Set(parameters.map(\.name)).count == parameters.count)
    for parameter in parameters {
      #expect(parameter.help.hasSuffix(".") && !parameter.name.isEmpty, "\(parameter.name)")
      switch (parameter.kind, parameter.defaultValue) {
      case (_, nil): break
      case (.integer(let minimum, let maximum), .integer(let value)):
        #expect((minimum...maximum).contains(value), "\(parameter.name)")
      case (.integers(let allowed), .integer(let value)):
        #expect(allowed.contains(value) && allowed == Set(allowed).sorted(), "\(parameter.name)")
      case (.real(let minimum, let maximum, let isAbove, let isBelow), .real(let value)):
        #expect(isAbove ? value > minimum : value >= minimum, "\(parameter.name)")
        #expect(isBelow ? value < maximum : value <= maximum, "\(parameter.name)")
      case (.categorical(let names), .string(let name)):
        #expect(names.contains(name) && Set(names).count == names.count, "\(parameter.name)")
      default: Issue.record("\(parameter.name): the default is not of the setting's type")
      }
    }
    let progress = try #require(parameters.first { $0.name == model.model.progressSetting })
    guard case .integer(minimum: 1, maximum: 2...) = progress.kind else {
      Issue.record("where a training ends should be a whole number from 1 on")
      return
    }
    #expect(progress.tunable)
  }

  // MARK: Trainings

  @Test(arguments: ModelCase.all, splits)
  func theSameRequestGivesTheSameBits(_ model: ModelCase, _ split: ValidationSplit) throws {
    let outcome = try outcomes(trajectory(model, split), [9])
    #expect(try outcomes(trajectory(model, split), [9]) == outcome)
    guard case .finished(let readings)? = outcome[9] else {
      Issue.record("it diverged")
      return
    }
    #expect(readings.last?.step == 9 && readings.map(\.step) == readings.map(\.step).sorted())
    for reading in readings {
      #expect(reading.folds.count == (split == .folds(3) ? 3 : 0))
      #expect((0...1).contains(reading.metrics.validationAccuracy) && reading.metrics.validationLoss >= 0)
      #expect((0...1).contains(reading.metrics.trainAccuracy) && reading.metrics.trainLoss >= 0)
    }
  }

  @Test(arguments: ModelCase.kinds) func seedAndStreamDecide(_ model: ModelCase) throws {
    let plain = try outcomes(trajectory(model), [9])
    #expect(try outcomes(trajectory(model, seed: 1), [9]) != plain)
    #expect(try outcomes(trajectory(model, stream: 1), [9]) != plain)
  }

  /// Nothing before an end depends on where the training ends, or on what else is read.
  @Test(arguments: ModelCase.all) func thePrefixRule(_ model: ModelCase) throws {
    let together = try outcomes(trajectory(model), [3, 7, 12])
    #expect(Set(together.keys) == [3, 7, 12])
    for end in [3, 7, 12] { #expect(try outcomes(trajectory(model), [end])[end] == together[end], "\(end)") }
    guard case .finished(let short)? = together[7], case .finished(let long)? = together[12] else {
      Issue.record("it diverged")
      return
    }
    #expect(Array(long.prefix { $0.step < 7 }) == Array(short.dropLast()))
  }

  @Test(arguments: ModelCase.all, splits)
  func resumedIsStraight(_ model: ModelCase, _ split: ValidationSplit) throws {
    let straight = try outcomes(trajectory(model, split), [12])[12]
    let stopped = try trajectory(model, split)
    for end in [1, 5, 12] {
      let outcome = try outcomes(stopped, [end])[end]
      if end == 12 { #expect(outcome == straight) }
    }
    // Back to an end that was not read.
    #expect(try outcomes(stopped, [8])[8] == outcomes(trajectory(model, split), [8])[8])
    #expect(stopped.byteCount > 0)
  }

  @Test(arguments: ModelCase.all) func cancellationEndsIt(_ model: ModelCase) throws {
    let trajectory = try trajectory(model, .folds(3))
    for limit in [0, 1, 4] {
      var asked = 0
      let outcomes = trajectory.outcomes(after: [1_000_000], passing: { _, _ in }) {
        asked += 1
        return asked > limit
      }
      #expect(outcomes == nil)
    }
    // What was trained until then is kept, and does no harm.
    #expect(try outcomes(trajectory, [6]) == outcomes(self.trajectory(model, .folds(3)), [6]))
    let networks = try model.model.networks(
      ModelCases.request(model.settings), after: 1_000_000, sharing: FoldCache(), isCancelled: { true })
    #expect(networks == nil)
  }

  @Test(arguments: ModelCase.kinds) func aSplitThatTheDataHasNotIsRefused(_ model: ModelCase) {
    var request = ModelCases.request(model.settings)
    request.dataset.second = nil
    #expect(throws: (any Error).self) { try model.model.trajectory(request, sharing: FoldCache()) }
    #expect(throws: (any Error).self) {
      try model.model.networks(request, after: 1, sharing: FoldCache(), isCancelled: { false })
    }
  }

  /// The network that is kept is the one that a trial's metrics were read from.
  @Test(arguments: ModelCase.all, splits)
  func networksAreTheTrials(_ model: ModelCase, _ split: ValidationSplit) throws {
    let request = ModelCases.request(model.settings, split: split)
    let folds = try #require(
      try model.model.networks(request, after: 9, sharing: FoldCache(), isCancelled: { false }))
    guard case .finished(let readings)? = try outcomes(trajectory(model, split), [9])[9], let last = readings.last
    else {
      Issue.record("it diverged")
      return
    }
    #expect(folds.count == (split == .folds(3) ? 3 : 1))
    if folds.count == 1 { #expect(folds[0].metrics == last.metrics) }
    for (fold, reading) in zip(folds, last.folds) {
      #expect(fold.metrics.validationAccuracy == reading.accuracy && fold.metrics.validationLoss == reading.loss)
    }
    for fold in folds {
      #expect(
        fold.network.features == ModelCases.dataset.features
          && fold.network.logits(of: Array(repeating: 0.5, count: ModelCases.dataset.features)).count == 3)
    }
  }

  // MARK: Costs

  /// Costs are positive and do not fall where more is asked for; with many features, and with few.
  @Test(arguments: ModelCase.all, [[10, 100], [2, 2, 1]])
  func costsRise(_ model: ModelCase, _ shape: [Int]) {
    let progress = model.model.progressSetting
    func costs(_ end: Int = 20, examples: Int = 40, second: Int = 10, split: ValidationSplit = .test, repeats: Int = 1)
      -> (operations: Double, memory: Double)
    {
      let settings = model.settings.merging([progress: .integer(end)]) { $1 }
      let data = DataShape(examples: examples, secondPartExamples: second, shape: shape, classes: 3)
      return (
        model.model.operations(settings: settings, data: data, split: split, repeats: repeats),
        model.model.memory(settings: settings, data: data, split: split)
      )
    }
    let plain = costs()
    #expect(plain.operations > 0 && plain.memory > 0 && plain.operations.isFinite && plain.memory.isFinite)
    for more in [costs(40), costs(examples: 80), costs(second: 30), costs(repeats: 3), costs(40, examples: 80)] {
      #expect(more.operations >= plain.operations && more.memory >= plain.memory)
    }
    #expect(costs(40).operations > plain.operations && costs(examples: 80).operations > plain.operations)
    #expect(costs(repeats: 3).operations > plain.operations)
    let few = costs(split: .folds(2))
    let many = costs(split: .folds(5))
    #expect(many.operations > few.operations && many.memory > few.memory && few.memory >= plain.memory)
  }
}
