import DataFacts
import JSONText
import SearchSpace

/// What validation must know of a kind of model.
public struct ModelFacts: Sendable {
  /// The kind (`mlp`).
  public var kind: String
  /// One sentence for a person.
  public var summary: String
  /// Every hyper-parameter.
  public var parameters: [ParameterDescription]
  /// Which of them it has once for each of its blocks, and how they are named.
  public var repeated: [RepeatedSettings]
  /// The hyper-parameter that says where a training ends and decides nothing before (`iterations`), if any.
  public var progressSetting: String?
  /// About how many bytes a trial with these settings holds at once, beside the data set.
  public var memory: @Sendable ([String: ParameterValue], DatasetFacts, TrainingSplit) -> Double
  /// About how many floating-point operations a trial with these settings takes.
  public var operations: @Sendable ([String: ParameterValue], DatasetFacts, TrainingSplit, Int) -> Double
  /// Why it cannot be trained on a data set; nil where it can.
  public var refusal: @Sendable (DatasetFacts) -> String?
  /// Why it cannot be trained with any of the values given for each setting; nil where it can.
  public var infeasibility: @Sendable ([String: [ParameterValue]], DatasetFacts) -> String?

  /// Makes the facts.
  public init(
    kind: String, summary: String, parameters: [ParameterDescription], repeated: [RepeatedSettings] = [],
    progressSetting: String? = nil,
    memory: @escaping @Sendable ([String: ParameterValue], DatasetFacts, TrainingSplit) -> Double,
    operations: @escaping @Sendable ([String: ParameterValue], DatasetFacts, TrainingSplit, Int) -> Double,
    refusal: @escaping @Sendable (DatasetFacts) -> String? = { _ in nil },
    infeasibility: @escaping @Sendable ([String: [ParameterValue]], DatasetFacts) -> String? = { _, _ in nil }
  ) {
    self.kind = kind
    self.summary = summary
    self.parameters = parameters
    self.repeated = repeated
    self.progressSetting = progressSetting
    self.memory = memory
    self.operations = operations
    self.refusal = refusal
    self.infeasibility = infeasibility
  }
}

/// Everything outside a definition that decides whether it is valid; composition fills it from the catalogues.
public struct DefinitionContext: Sendable {
  /// The data set of a name, or nil.
  public var dataset: @Sendable (String) -> DatasetFacts?
  /// Every data set's name.
  public var datasetNames: @Sendable () -> [String]
  /// Every kind of model.
  public var models: [ModelFacts]
  /// Every algorithm, `auto` among them.
  public var algorithms: [AlgorithmFacts]
  /// Every rule that ends trials early.
  public var pruningRules: [PruningFacts]
  /// What `auto` chooses.
  public var automatic: @Sendable (SearchTask) -> AlgorithmChoice
  /// The largest memory of a trial, in bytes (`--trial-memory`).
  public var trialMemory: Double
  /// The version of the arithmetic.
  public var numerics: Int
  /// The study that the definition's `prior` names; nil where it names none, or none that exists.
  public var priorStudy: FinishedStudy?
  /// How many examples of each class a trial is scored on; empty where that is not known.
  public var scoredExamples: @Sendable (DatasetFacts, TrainingSplit) -> [Int]

  /// Makes a context.
  public init(
    dataset: @escaping @Sendable (String) -> DatasetFacts?, datasetNames: @escaping @Sendable () -> [String],
    models: [ModelFacts], algorithms: [AlgorithmFacts],
    pruningRules: [PruningFacts], automatic: @escaping @Sendable (SearchTask) -> AlgorithmChoice, trialMemory: Double,
    numerics: Int,
    scoredExamples: @escaping @Sendable (DatasetFacts, TrainingSplit) -> [Int] = { _, _ in [] }
  ) {
    self.dataset = dataset
    self.datasetNames = datasetNames
    self.models = models
    self.algorithms = algorithms
    self.pruningRules = pruningRules
    self.automatic = automatic
    self.trialMemory = trialMemory
    self.numerics = numerics
    self.scoredExamples = scoredExamples
  }
}

/// Every fault of a definition at once.
public struct InvalidDefinition: Error, Sendable, Hashable {
  /// At least one, in the order of the body.
  public var faults: [Fault]
  /// Makes the error.
  public init(faults: [Fault]) { self.faults = faults }
}

extension DefinitionContext {
  /// What the trials of a split are scored on; nil where that is not known.
  public func scoredPart(of dataset: DatasetFacts, _ split: TrainingSplit) -> ScoredPart? {
    let counts = scoredExamples(dataset, split)
    guard let most = counts.max(), most > 0, let label = counts.firstIndex(of: most) else { return nil }
    return ScoredPart(
      examples: counts.reduce(0, +),
      mostFrequentClass: dataset.classes.indices.contains(label) ? dataset.classes[label] : "",
      mostFrequent: most)
  }

  /// Whether some data set has this content; the one of the name is looked at first.
  public func hasContent(_ sha256: String, of name: String) -> Bool {
    dataset(name)?.sha256 == sha256 || datasetNames().contains { dataset($0)?.sha256 == sha256 }
  }
}
