import Digests
import Foundation
import HTTPMessages
import Studies

/// Answers a POST that carries an `Idempotency-Key` once, and gives the same answer again for a day.
///
/// A request is recorded before it is done and its answer after. What a death between the two leaves is done again,
/// which is right because each POST is made so that doing it again changes nothing more: a study that was posted without
/// a name gets one that follows from the record.
struct Idempotency: Sendable {
  /// How long an answer is kept, in seconds.
  static let lifetime = 24.0 * 3600

  let store: any AnswerStore
  let clock: any StudyClock
  let log: @Sendable (String) -> Void
  private let underway = Underway()

  init(store: any AnswerStore, clock: any StudyClock, log: @escaping @Sendable (String) -> Void) {
    self.store = store
    self.clock = clock
    self.log = log
  }

  /// What a request is named by; nil where nothing asks for an answer to be kept, or the rule keeps none.
  static func key(of request: HTTPRequest, _ rule: ReplayRule) throws(APIProblem) -> KeyedRequest? {
    let values = request.headers.values(of: "Idempotency-Key")
    guard !values.isEmpty, rule != .never else { return nil }
    guard values.count == 1, (1...255).contains(values[0].utf8.count),
      values[0].utf8.allSatisfy({ (0x20...0x7E).contains($0) })
    else { throw .badHeader("Idempotency-Key should appear once and have 1 to 255 printable ASCII characters.") }
    return KeyedRequest(key: values[0], path: request.path)
  }

  /// Answers by `act`, or as before; `seed` follows from the record.
  func once(
    _ key: KeyedRequest, _ request: HTTPRequest, _ rule: ReplayRule,
    _ act: (HTTPRequest, _ seed: String) async -> HTTPResponse
  ) async throws(APIProblem) -> HTTPResponse {
    guard underway.begin(key) else { throw .stillAnswering }
    defer { underway.end(key) }
    var request = request
    var tap: BodyTap?
    if let stream = request.bodyStream {
      let reader = BodyTap(stream)
      tap = reader
      request.bodyStream = HTTPBodyReader { try await reader.next() }
    }
    let whole = tap == nil ? SHA256.hexDigest(of: request.body) : nil
    let now = clock.now()
    let record: KeyedRecord
    do throws(StoreError) {
      record = try await store.record(
        of: key, bodySHA256: whole, at: now, oldest: now.addingTimeInterval(-Self.lifetime))
    } catch { throw APIProblem(.store(error)) }
    if let answer = record.answer {
      let digest: String?
      do { digest = if let whole { whole } else { try await tap?.rest() } } catch { throw .body(error) }
      guard digest == record.bodySHA256 else { throw .keyReused }
      return Self.response(answer)
    }
    if let whole, let before = record.bodySHA256, whole != before { throw .keyReused }
    let seed = SHA256.hexDigest(of: Array("\(key.key)\n\(record.seenAt.timeIntervalSince1970)".utf8))
    let response = await act(request, seed)
    // Nothing is kept of a body that was not read.
    guard let digest = whole ?? tap?.digest, rule.keeps(response.status), let kept = Self.kept(response) else {
      return response
    }
    do throws(StoreError) { try await store.keep(kept, bodySHA256: digest, of: key) } catch {
      log("the answer to an idempotent request was not kept: \(error)")
    }
    return response
  }

  private static func kept(_ response: HTTPResponse) -> KeptAnswer? {
    guard response.stream == nil, let body = String(validating: response.body, as: UTF8.self) else { return nil }
    return KeptAnswer(
      status: response.status,
      headers: response.headers.fields.map { KeptAnswer.Field(name: $0.name, value: $0.value) }, body: body)
  }

  private static func response(_ kept: KeptAnswer) -> HTTPResponse {
    var headers = HTTPHeaders(kept.headers.map { ($0.name, $0.value) })
    headers["Idempotent-Replayed"] = "true"
    return HTTPResponse(status: kept.status, headers: headers, body: Array(kept.body.utf8))
  }
}

/// The keys whose requests are being answered.
///
/// `@unchecked Sendable`: the one variable is read and written under the lock alone.
private final class Underway: @unchecked Sendable {
  private let lock = NSLock()
  private var keys: Set<KeyedRequest> = []

  /// False where a request with the key is being answered.
  func begin(_ key: KeyedRequest) -> Bool { lock.withLock { keys.insert(key).inserted } }

  func end(_ key: KeyedRequest) { lock.withLock { _ = keys.remove(key) } }
}

/// Hashes a streamed body as its reader reads it.
///
/// `@unchecked Sendable`: a body has one reader at a time, and what it left is asked for after it has ended.
private final class BodyTap: @unchecked Sendable {
  private let reader: HTTPBodyReader
  private var hash = SHA256()
  /// SHA-256 of the body, once it was read to its end.
  private(set) var digest: String?

  init(_ reader: HTTPBodyReader) { self.reader = reader }

  func next() async throws -> [UInt8]? {
    guard let bytes = try await reader.next() else {
      if digest == nil { digest = hash.finalize() }
      return nil
    }
    bytes.withUnsafeBytes { hash.update($0) }
    return bytes
  }

  /// Reads what is left, and gives the digest of all.
  func rest() async throws -> String? {
    while try await next() != nil {}
    return digest
  }
}

extension APIProblem {
  static let stillAnswering = APIProblem(
    status: 409, title: "Conflict", detail: "A request with this Idempotency-Key is being answered; try again soon.",
    headers: [("Retry-After", "1")])

  static let keyReused = APIProblem(
    status: 422, title: "Invalid",
    detail: "This Idempotency-Key was used with a different body within the last 24 hours; use another key.")
}
