/// Remembering: the port that a database implements, a protocol for each thing that is read.
///
/// A commit is atomic and durable when it returns. Every `insertStudy`, `updateStudy`, `deleteStudy`, `insertTrial` and
/// `updateTrial` writes a journal entry in the same transaction. Reads see one moment each.
public protocol StudyStore: StudyReading, ComparisonReading, TrialReading, EvaluationReading, JournalReading {
  /// Stores all changes or none; gives the journal position after them. Cost: the changes, and one write to the disk that
  /// concurrent commits share.
  @discardableResult
  func commit(_ changes: [StoreChange]) async throws(StoreError) -> Int

  /// Why no change can be stored now; nil while there is no such reason. Does not wait.
  var trouble: StoreTrouble? { get }
}

extension StudyStore {
  public var trouble: StoreTrouble? { nil }
}
