import Foundation
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

  /// Puts a trial first in line again.
  func release(
    _ name: String, number: Int, lease: UUID
  ) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)>
}
