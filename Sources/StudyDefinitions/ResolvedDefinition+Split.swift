extension ResolvedDefinition {
  /// Which examples train and which score.
  public var trainingSplit: TrainingSplit { TrainingSplit(split, final: final) }

  /// Whether best points are scored at the end on what the search never sees.
  public var scoresAtTheEnd: Bool { final != nil || split.hasTestPart }
}
