import PruningRules
import SearchSpace
import Studies

/// Trials of a piece of work that are one training, read at several iterations.
struct TrainingGroup: Sendable {
  /// What a training is wanted for: a trial, or nothing but the record.
  struct Goal: Sendable {
    var trial: TrialAssignment?
    /// The updates after which it ends.
    var end: Int
    /// What may end it before; nil where nothing does.
    var judge: PruningJudge?
  }

  /// The settings without where the training ends.
  var settings: [String: ParameterValue]
  /// The streams, one a repeat.
  var streams: [Int]
  /// By end, ascending.
  var goals: [Goal]
  /// Iterations read in passing for the record: lower levels of a grid.
  var passing: Set<Int>
  /// The keys of (stream, end), for every stream in order.
  var keys: [[Int: EvaluationKey]]
  /// The texts of the streams' trainings, wherever they end.
  var trajectories: [String]

  /// Whether a rule may end one of its trainings early.
  var isJudged: Bool { goals.contains { $0.judge != nil } }

  /// Every iteration at which it is read.
  var ends: Set<Int> { passing.union(goals.map(\.end)) }
}
