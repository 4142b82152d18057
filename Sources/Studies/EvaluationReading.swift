/// Reading the record of evaluations, which outlives studies.
public protocol EvaluationReading: Sendable {
  /// What the record has of these evaluations. Cost: one row for each key.
  func evaluations(_ keys: [EvaluationKey]) async throws(StoreError) -> [EvaluationKey: RecordedEvaluation]
}
