import APIClient
import JSONText

/// What a worker asks for, as the contract's section 5 has it.
struct ServiceRequests: Sendable {
  var study: String
  var worker: String
  var leaseSeconds: Double

  /// How long an answer may take beside what it was asked to wait, in seconds.
  private static let patience = 20.0

  /// The study itself.
  var facts: APIRequest { APIRequest("GET", path, seconds: Self.patience) }

  /// One trial; the answer is held for up to `wait` seconds until there is one.
  func suggestion(wait: Double) -> APIRequest {
    var wish = self.wish
    wish["wait_seconds"] = .number(wait)
    wish["holding"] = .array([])
    return post("/suggestions", wish, seconds: wait + Self.patience)
  }

  /// Something about a trial; with a result, the next trial is asked for where `asksNext`.
  func report(_ call: ReportCall, of trial: Assignment, asksNext: Bool) -> APIRequest {
    let place = "/trials/\(trial.number)"
    let lease = JSONObject([("lease", .string(trial.lease))])
    switch call {
    case .heartbeat: return post(place + "/heartbeat", lease)
    case .release: return post(place + "/release", lease)
    case .measurement(let measurement):
      var body = lease
      body["step"] = .number(Double(measurement.step))
      body["metrics"] = .object(measurement.metrics)
      return post(place + "/measurements", body)
    case .log(let offset, let bytes):
      let query = "?lease=\(Self.encoded(trial.lease))&offset=\(offset)"
      return APIRequest(
        "POST", path + place + "/log" + query, body: bytes, contentType: "text/plain", seconds: Self.patience)
    case .complete(let result):
      var body = Self.body(result, lease: trial.lease)
      if asksNext { body["next"] = .object(wish) }
      return post(place + "/complete", body)
    }
  }

  private static func body(_ result: TrialResult, lease: String) -> JSONObject {
    switch result {
    case .metrics(let metrics): JSONObject([("metrics", .object(metrics))])
    case .infeasible(let reason): JSONObject([("infeasible", .string(reason))])
    case .failure(let reason, let kind):
      JSONObject([("failure", .string(reason)), ("class", .string(kind.rawValue)), ("lease", .string(lease))])
    }
  }

  private var path: String { "/v1/studies/\(Self.encoded(study))" }

  private var wish: JSONObject {
    JSONObject([("count", 1), ("worker", .string(worker)), ("lease_seconds", .number(leaseSeconds))])
  }

  private func post(_ place: String, _ body: JSONObject, seconds: Double = patience) -> APIRequest {
    APIRequest("POST", path + place, body: Array(JSONValue.object(body).text.utf8), seconds: seconds)
  }

  /// A text as part of a path or a query (RFC 3986).
  static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }
}
