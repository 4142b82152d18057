import SearchSpace

/// What another study has found, as far as a definition can take it over.
public struct FinishedStudy: Sendable {
  /// Its name.
  public var name: String
  /// The names of what it tunes.
  public var parameters: [String]
  /// The metric of its objective.
  public var metric: String
  /// The goal of its objective.
  public var goal: Goal
  /// Its points with their values, in order of their first trials.
  public var points: [TriedPoint]

  /// Makes one.
  public init(name: String, parameters: [String], metric: String, goal: Goal, points: [TriedPoint]) {
    self.name = name
    self.parameters = parameters
    self.metric = metric
    self.goal = goal
    self.points = points
  }
}
