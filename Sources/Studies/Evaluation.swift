import Foundation

/// What an evaluation is known by: SHA-256 over everything that decides its bits.
public struct EvaluationKey: Sendable, Hashable {
  /// 32 bytes.
  public var bytes: [UInt8]
  /// Makes a key of 32 bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// One training as the record keeps it: it outlives its study, and answers for every study that asks for the same.
public struct RecordedEvaluation: Sendable, Hashable {
  /// How a training ended.
  public enum Outcome: Sendable, Hashable {
    /// Its curve, mean over folds; the last point is the end.
    case finished(LearningCurve)
    /// A logit was not finite after so many updates.
    case diverged(iteration: Int)
  }

  public var key: EvaluationKey
  public var outcome: Outcome
  /// The study that paid for it.
  public var study: UUID
  /// Where it comes from, for a person: `STUDY/trials/NUMBER`, or `STUDY` where it had no number.
  public var origin: String
  /// Its share of training, in seconds.
  public var computeSeconds: Double

  /// Makes an entry.
  public init(key: EvaluationKey, outcome: Outcome, study: UUID, origin: String, computeSeconds: Double) {
    self.key = key
    self.outcome = outcome
    self.study = study
    self.origin = origin
    self.computeSeconds = computeSeconds
  }
}
