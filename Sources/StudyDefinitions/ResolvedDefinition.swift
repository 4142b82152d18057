import ExactText
import JSONText
import SearchSpace

/// What bounds a study; nil bounds nothing.
public struct Budget: Sendable, Hashable {
  /// How many trials are numbered at most.
  public var trials: Int?
  /// How many seconds it may be `running`, without pauses and downtime.
  public var seconds: Double?
  /// After how many finished trials without a better best the study ends.
  public var stallTrials: Int?
  /// How many seconds a training of a built-in model may take.
  public var trialSeconds: Double?
  /// Makes a budget.
  public init(trials: Int? = nil, seconds: Double? = nil, stallTrials: Int? = nil, trialSeconds: Double? = nil) {
    self.trials = trials
    self.seconds = seconds
    self.stallTrials = stallTrials
    self.trialSeconds = trialSeconds
  }
}

/// A study definition that was found valid, with every default filled in: all that decides its trials.
public struct ResolvedDefinition: Sendable, Hashable {
  /// 1–64 of `a-z0-9-`.
  public var name: String
  /// What its trials are trained and scored on; nil where Cairn trains nothing.
  public var training: TrainingDefinition?
  /// The table that its trials are looked up in; nil where there is none.
  public var table: TableDefinition?
  /// The model's kind (`mlp`).
  public var modelKind: String
  /// Every setting of the model that is constant, defaults filled in, each block's by itself.
  public var constants: [String: ParameterValue]
  /// What is tuned, grids laid out.
  public var space: ParameterSpace
  /// The algorithm's name.
  public var algorithm: String
  /// The algorithm's version when the study was made.
  public var algorithmVersion: Int
  /// The algorithm's options, defaults filled in.
  public var algorithmOptions: [String: ParameterValue]
  /// Why the service chose the algorithm; nil where the definition named it.
  public var algorithmReason: String?
  /// The objective's name.
  public var metric: String
  /// Which way is better.
  public var goal: Goal
  /// What decides between equal values, in searches and in `best`; nil where nothing does in searches.
  public var tieBreak: TieBreak?
  /// The value that ends the study once a trial reaches it.
  public var target: Double?
  /// What bounds the study, as defined (edits come on top); `grid` without a budget has the grid's size here.
  public var budget: Budget
  /// The algorithm may depend on outcomes up to this many trials back.
  public var parallelism: Int
  /// How many trials run at once at most.
  public var maxRunning: Int?
  /// The seed of the search.
  public var seed: Int
  /// The seed of weights, batches, dropout and splits.
  public var trainingSeed: Int
  /// By which rule trials end early; nil where none does.
  public var pruning: PruningDefinition?
  /// How much of the budget goes to new runs of the best points; nil where none does.
  public var confirm: ConfirmDefinition?
  /// How often a trial is tried in all where its failures are not its own.
  public var retries: Int
  /// How many failures in a row end the study.
  public var failureLimit: Int
  /// The points that are tried first, as the first trials.
  public var initialPoints: [Point] = []
  /// What was tried before the study.
  public var prior: [TriedPoint] = []
  /// Whether trials may be answered from the record of evaluations.
  public var reuse: Bool
  /// Free labels.
  public var labels: [ExactText: ExactText]
  /// Free text.
  public var notes: ExactText?
  /// The version of the arithmetic when the study was made.
  public var numerics: Int

  /// Makes a definition; validation is the caller's.
  public init(
    name: String, training: TrainingDefinition?, modelKind: String, constants: [String: ParameterValue] = [:],
    space: ParameterSpace, algorithm: String, algorithmVersion: Int, algorithmOptions: [String: ParameterValue],
    algorithmReason: String? = nil, metric: String, goal: Goal, tieBreak: TieBreak? = nil, target: Double? = nil,
    budget: Budget, parallelism: Int, maxRunning: Int?, seed: Int, trainingSeed: Int,
    retries: Int = ResolvedDefinition.defaultRetries, failureLimit: Int = ResolvedDefinition.defaultFailureLimit,
    reuse: Bool = true, labels: [ExactText: ExactText], notes: ExactText?, numerics: Int
  ) {
    self.name = name
    self.training = training
    self.modelKind = modelKind
    self.constants = constants
    self.space = space
    self.algorithm = algorithm
    self.algorithmVersion = algorithmVersion
    self.algorithmOptions = algorithmOptions
    self.algorithmReason = algorithmReason
    self.metric = metric
    self.goal = goal
    self.tieBreak = tieBreak
    self.target = target
    self.budget = budget
    self.parallelism = parallelism
    self.maxRunning = maxRunning
    self.seed = seed
    self.trainingSeed = trainingSeed
    self.retries = retries
    self.failureLimit = failureLimit
    self.reuse = reuse
    self.labels = labels
    self.notes = notes
    self.numerics = numerics
  }
}

extension Budget {
  /// What is left of it for the search.
  func leaving(_ confirm: ConfirmDefinition?) -> Budget {
    var budget = self
    if let confirm, let trials { budget.trials = trials - confirm.trials }
    return budget
  }
}

extension ResolvedDefinition {
  /// How many trials the search has at most, as defined; nil where nothing bounds them.
  public var searchTrials: Int? { budget.leaving(confirm).trials }
}
