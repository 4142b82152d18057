import JSONText

/// The metric that decides between equal values of the objective.
public struct TieBreak: Sendable, Hashable {
  /// The smaller validation loss: the default of built-in models, and what `best` goes by where a study has no other.
  public static let validationLoss = TieBreak(metric: "validation_loss", goal: .minimize)

  /// The metric's name.
  public var metric: String
  /// Which way is better.
  public var goal: Goal

  /// Makes a tie-break.
  public init(metric: String, goal: Goal) {
    self.metric = metric
    self.goal = goal
  }

  /// The metric of a trial turned so that smaller is better; nil where it was not measured or is not finite.
  public func value(of metrics: [String: Double]) -> Double? {
    guard let value = metrics[metric], value.isFinite else { return nil }
    return goal == .minimize ? value : -value
  }

  /// The form that `resolved` has.
  var json: JSONValue { ["metric": .string(metric), "goal": .string(goal.rawValue)] }

  init?(json: JSONValue) {
    guard let metric = json["metric"]?.stringValue, let goal = json["goal"]?.stringValue.flatMap(Goal.init) else {
      return nil
    }
    self.init(metric: metric, goal: goal)
  }
}
