import Foundation
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
  /// Set when the worker has something better to do.
  public var cancellation: CancellationFlag
}
