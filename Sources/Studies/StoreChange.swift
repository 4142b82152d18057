import Foundation
import SearchSpace

/// One change of what is stored.
public enum StoreChange: Sendable {
  /// A new study; its name must be free.
  case insertStudy(Study)
  /// Every column of a study but its identity, name and definition.
  case updateStudy(Study)
  /// A study with all its trials, points and edits; the journal keeps that it was deleted.
  case deleteStudy(id: UUID, name: String)
  /// A new comparison; its name must be free. Its studies follow in the same commit.
  case insertComparison(StoredComparison)
  /// A comparison without its studies; nobody is told.
  case deleteComparison(id: UUID)
  /// A new trial, with the lease it is handed out under.
  case insertTrial(Trial, lease: Lease)
  /// Every column of a trial; its lease, if any, is replaced by `lease`, or ended by nil.
  case updateTrial(Trial, lease: Lease?)
  /// The lease of a running trial, renewed; nobody is told.
  case renewLease(Lease, study: UUID, number: Int)
  /// What a caller measured at a step of a running trial.
  case report(study: UUID, number: Int, CurvePoint)
  /// The end of an attempt: what was measured in it is forgotten.
  case forgetReports(study: UUID, number: Int)
  /// A piece of what the program of a running trial wrote; what is there of it already is left out.
  case log(LogPiece)
  /// A metric that trials of the study have, not known before.
  case metricName(String, study: UUID)
  /// The curve of a trial, replacing what stood.
  case curve(study: UUID, number: Int, curve: LearningCurve)
  /// The scores of a completed trial, added to the statistics of its point, with what decides between equal means there:
  /// smaller is better, nil where the trial has nothing of it.
  case score(Trial, tieBreak: Double? = nil)
  /// The points of the study that are left after the last round of new runs: `best` has them first.
  case stillIn(study: UUID, points: [Point])
  /// An evaluation for the record, which keeps the first of a key.
  case evaluation(RecordedEvaluation)
}
