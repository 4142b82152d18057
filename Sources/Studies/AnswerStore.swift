import Foundation

/// A request that may be sent again, as its sender names it.
public struct KeyedRequest: Sendable, Hashable {
  /// `Idempotency-Key`.
  public var key: String
  /// What was asked, so that a key used elsewhere is another.
  public var path: String
  /// Makes one.
  public init(key: String, path: String) {
    self.key = key
    self.path = path
  }
}

/// An answer that is given again.
public struct KeptAnswer: Sendable, Hashable {
  /// A header field.
  public struct Field: Sendable, Hashable {
    public var name: String
    public var value: String
    /// Makes a field.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public var status: Int
  public var headers: [Field]
  public var body: String
  /// Makes an answer.
  public init(status: Int, headers: [Field], body: String) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// What is known of a keyed request.
public struct KeyedRecord: Sendable, Hashable {
  /// When it was first seen.
  public var seenAt: Date
  /// SHA-256 of its body; nil where the body was not yet read to its end.
  public var bodySHA256: String?
  /// The answer; nil where the service died before there was one.
  public var answer: KeptAnswer?
  /// Makes a record.
  public init(seenAt: Date, bodySHA256: String?, answer: KeptAnswer?) {
    self.seenAt = seenAt
    self.bodySHA256 = bodySHA256
    self.answer = answer
  }
}

/// Remembering what keyed requests were answered: the port that a database implements.
///
/// What returned is durable, and is done whether or not the calling task is cancelled.
public protocol AnswerStore: Sendable {
  /// The record of a request, or a new one without an answer; records from before `oldest` count as not there.
  func record(
    of request: KeyedRequest, bodySHA256: String?, at now: Date, oldest: Date
  ) async throws(StoreError) -> KeyedRecord
  /// Adds the answer to a record.
  func keep(_ answer: KeptAnswer, bodySHA256: String, of request: KeyedRequest) async throws(StoreError)
}
