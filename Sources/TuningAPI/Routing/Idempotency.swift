import Digests
import Foundation
import HTTPMessages
import Promises
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
  /// The keys whose requests are being answered.
  private let underway = Locked<Set<KeyedRequest>>([])

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
    guard underway.withLock({ $0.insert(key).inserted }) else { throw .stillAnswering }
    defer { _ = underway.withLock { $0.remove(key) } }
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

/// Hashes a streamed body as its reader reads it.
private final class BodyTap: Sendable {
  private let reader: HTTPBodyReader
  private let state = Locked((hash: SHA256(), digest: String?.none))

  /// SHA-256 of the body, once it was read to its end.
  var digest: String? { state.value.digest }

  init(_ reader: HTTPBodyReader) { self.reader = reader }

  func next() async throws -> [UInt8]? {
    guard let bytes = try await reader.next() else {
      state.withLock { if $0.digest == nil { $0.digest = $0.hash.finalize() } }
      return nil
    }
    state.withLock { state in bytes.withUnsafeBytes { state.hash.update($0) } }
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
    status: 409, detail: "A request with this Idempotency-Key is being answered; try again soon.",
    headers: [("Retry-After", "1")])

  static let keyReused = APIProblem(
    status: 422, title: "Invalid",
    detail: "This Idempotency-Key was used with a different body within the last 24 hours; use another key.")
}
