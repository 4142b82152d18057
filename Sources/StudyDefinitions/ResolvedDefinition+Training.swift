extension ResolvedDefinition {
  /// How often a trial is tried in all where the definition does not say.
  public static let defaultRetries = 3
  /// How many failures in a row end a study where the definition does not say.
  public static let defaultFailureLimit = 20

  /// Where the outcomes of its trials come from.
  public var source: OutcomeSource { training != nil ? .training : table != nil ? .table : .callers }
  /// Whether callers run the trials.
  public var isExternal: Bool { source == .callers }
  /// Whether Cairn trains the trials, so that there are curves, models and evaluations.
  public var isTrained: Bool { source == .training }
  /// The data set's name; empty where callers run the trials.
  public var dataset: String { training?.dataset ?? table?.dataset ?? "" }
  /// The SHA-256 that the data set had when the study was made; empty where callers run the trials.
  public var datasetSHA256: String { training?.datasetSHA256 ?? table?.datasetSHA256 ?? "" }
  /// Which examples train and which score; where Cairn trains nothing, one that has one fold and sets nothing aside.
  public var split: SplitDefinition { training?.split ?? .second }
  /// What the best points are scored on when the study has ended; nil for nothing.
  public var final: FinalPart? { training?.final }
  /// The examples that trials are scored on; nil where that is not known.
  public var scored: ScoredPart? { training?.scored }
  /// How many trainings with other weights make a value.
  public var repeats: Int { training?.repeats ?? 1 }
}
