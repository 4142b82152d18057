import Foundation
import JSONText
import StudyDefinitions

/// What callers may ask and tell who run the trials of external studies.
public protocol ExternalTrialService: Sendable {
  /// The next trials for a caller; waits as long as it says until there is at least one, or the study has ended.
  func handOut(_ name: String, _ request: TrialRequest) async throws(StudyError) -> Snapshot<HandedTrials>

  /// Takes what became of trials, each by itself, and hands out the next in the same transaction where they are asked for
  /// and the first was taken.
  func tell(
    _ name: String, _ told: [TrialTelling], next: TrialRequest?
  ) async throws(StudyError) -> Snapshot<ToldTrials>

  /// Renews the lease of a trial.
  func heartbeat(_ name: String, number: Int, lease: UUID) async throws(StudyError) -> LeaseAnswer

  /// Keeps what was measured at a step of a trial, and renews its lease.
  func measure(
    _ name: String, _ point: CurvePoint, number: Int, lease: UUID
  ) async throws(StudyError) -> LeaseAnswer

  /// Keeps a piece of what the program of a trial wrote; `start`: where in its output it begins.
  func log(_ name: String, number: Int, lease: UUID, start: Int, bytes: [UInt8]) async throws(StudyError)

  /// Puts a trial first in line again.
  func release(
    _ name: String, number: Int, lease: UUID
  ) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)>

  /// Puts a point in line for the next number. `pointer`: where the body has it.
  func enqueue(
    _ name: String, _ point: JSONValue, at pointer: JSONPointer
  ) async throws(StudyError) -> Snapshot<EnqueuedPoint>

  /// Takes a point out of the line; false where none waits at the position.
  func withdraw(_ name: String, position: Int) async throws(StudyError) -> Bool

  /// Puts a failed trial in line again, under its number.
  func retry(_ name: String, number: Int) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)>

  /// Takes a running trial from its caller, and puts it in line again.
  func takeBack(_ name: String, number: Int) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)>

  /// Ends a trial without an outcome as failed.
  func fail(
    _ name: String, number: Int, reason: String
  ) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)>
}
