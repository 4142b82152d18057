import Foundation
import StudyDefinitions

/// What an evaluation is known by: SHA-256 over everything that decides its bits.
public struct EvaluationKey: Sendable, Hashable {
  /// 32 bytes.
  public var bytes: [UInt8]
  /// Makes a key of 32 bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// What one fold of an evaluation scored.
public struct FoldScore: Sendable, Hashable {
  /// Fraction right.
  public var accuracy: Double
  /// Mean natural-log cross-entropy.
  public var loss: Double

  /// Makes a score.
  public init(accuracy: Double, loss: Double) {
    self.accuracy = accuracy
    self.loss = loss
  }
}

/// One training as the record keeps it: it outlives its study, and answers for every study that asks for the same.
public struct RecordedEvaluation: Sendable, Hashable {
  /// How a training ended.
  public enum Outcome: Sendable, Hashable {
    /// Its curve, mean over folds; the last point is the end.
    case finished(LearningCurve)
    /// A logit was not finite; after how many updates.
    case diverged(iteration: Int)
  }

  public var key: EvaluationKey
  public var outcome: Outcome
  /// What each fold scored at the end, in order; empty where there is one, and of evaluations that were recorded before
  /// folds were.
  public var folds: [FoldScore]
  /// The study that paid for it.
  public var study: UUID
  /// Where it comes from, for a person: `STUDY/trials/NUMBER`, or `STUDY` where it had no number.
  public var origin: String
  /// Its share of training, in seconds.
  public var computeSeconds: Double

  /// Makes an entry.
  public init(
    key: EvaluationKey, outcome: Outcome, folds: [FoldScore] = [], study: UUID, origin: String, computeSeconds: Double
  ) {
    self.key = key
    self.outcome = outcome
    self.folds = folds
    self.study = study
    self.origin = origin
    self.computeSeconds = computeSeconds
  }

  /// Whether it says all that a trial of `count` folds needs: an evaluation from before folds were recorded does not.
  public func isWhole(folds count: Int) -> Bool {
    guard case .finished = outcome, count > 1 else { return true }
    return folds.count == count
  }
}

extension ResolvedDefinition {
  /// The value of a trial with these scores: the mean over repeats, of the mean over folds where each fold has a score.
  ///
  /// Folds are summed in order from 0, as their training sums them, so that a value has the same bits whether its scores
  /// are told fold by fold or, as before folds were told, repeat by repeat.
  func value(of scores: [Double]) -> Double {
    guard split.folds > 1, scores.count == repeats * split.folds else { return scores.mean }
    let count = split.folds
    return (0..<repeats).map { repetition in
      scores[repetition * count..<(repetition + 1) * count].reduce(0, +) / Double(count)
    }.mean
  }

  /// Which repeat and which fold each of a trial's scores belongs to; no fold where a score is the mean over all.
  public func parts(ofScores count: Int) -> [(repetition: Int, fold: Int?)] {
    let folds = split.folds
    if folds > 1, count == repeats * folds { return (0..<count).map { ($0 / folds, $0 % folds) } }
    return (0..<count).map { ($0, nil) }
  }
}
