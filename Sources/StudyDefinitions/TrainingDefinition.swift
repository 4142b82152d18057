/// What the trials of a model that Cairn trains are trained and scored on.
public struct TrainingDefinition: Sendable, Hashable {
  /// The data set's name.
  public var dataset: String
  /// The SHA-256 that the data set had when the study was made.
  public var datasetSHA256: String
  /// Which examples train and which score.
  public var split: SplitDefinition
  /// What the best points are scored on when the study has ended, and the search never sees; nil for nothing.
  public var final: FinalPart?
  /// The examples that trials are scored on, counted when the study was made; nil of a study from before they were.
  public var scored: ScoredPart?
  /// How many trainings with other weights make a value.
  public var repeats: Int

  /// Makes one.
  public init(
    dataset: String, datasetSHA256: String, split: SplitDefinition, final: FinalPart? = nil, scored: ScoredPart? = nil,
    repeats: Int = 1
  ) {
    self.dataset = dataset
    self.datasetSHA256 = datasetSHA256
    self.split = split
    self.final = final
    self.scored = scored
    self.repeats = repeats
  }
}
