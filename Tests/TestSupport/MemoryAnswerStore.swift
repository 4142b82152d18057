import Foundation
import Studies

/// Keeps answers in memory, as plain as can be.
public actor MemoryAnswerStore: AnswerStore {
  private var records: [KeyedRequest: KeyedRecord] = [:]
  /// Whether answers are lost, as in a death between a change and its answer.
  private var losesAnswers = false

  public init() {}

  /// From now on answers are lost, or kept again.
  public func setLosesAnswers(_ loses: Bool) { losesAnswers = loses }

  public func record(
    of request: KeyedRequest, bodySHA256: String?, at now: Date, oldest: Date
  ) async throws(StoreError) -> KeyedRecord {
    if let found = records[request], found.seenAt >= oldest { return found }
    let record = KeyedRecord(seenAt: now, bodySHA256: bodySHA256, answer: nil)
    records[request] = record
    return record
  }

  public func keep(_ answer: KeptAnswer, bodySHA256: String, of request: KeyedRequest) async throws(StoreError) {
    if losesAnswers { throw .diskFull }
    records[request]?.answer = answer
    records[request]?.bodySHA256 = bodySHA256
  }
}
