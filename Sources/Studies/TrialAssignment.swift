import Foundation
import PruningRules
import SearchSpace
import StudyDefinitions

/// One trial as a worker is handed it.
public struct TrialAssignment: Sendable {
  /// The lease it runs under.
  public var lease: Lease
  public var study: UUID
  public var studyName: String
  public var number: Int
  public var replicate: Int
  public var attempt: Int
  public var definition: ResolvedDefinition
  public var point: Point
  /// What may end it early: the study's rule with what it observed up to the trial's horizon; nil where nothing does.
  public var judge: PruningJudge?
  /// How long its training may take, in seconds (`budget.trial_seconds` as it was when it was handed out); nil: any time.
  public var secondsLimit: Double?
  /// Set when the result is not wanted any more.
  public var cancellation: CancellationFlag
}

/// A point that an idle worker evaluates before anybody has asked for it: its result goes to the record alone.
public struct AheadAssignment: Sendable {
  public var study: UUID
  public var studyName: String
  public var definition: ResolvedDefinition
  public var point: Point
  public var replicate: Int
  /// The study's rule as it is now: what it would end early is not worth the work. A guess, which decides nothing.
  public var judge: PruningJudge?
  /// How long its training may take, in seconds: a trial could take no longer.
  public var secondsLimit: Double?
  /// Set when the worker has something better to do.
  public var cancellation: CancellationFlag
}
