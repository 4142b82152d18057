import APIClient
import JSONText

/// What a status means to a worker.
enum ServiceAnswer: Sendable, Hashable {
  case value(JSONValue)
  /// 409: the problem's `type` and what is wrong.
  case conflict(String, isLease: Bool)
  /// 404 and 410.
  case missing(String)
  /// 401, 403 and what else this worker can never change: a whole sentence.
  case closed(String)
  /// Any other refusal.
  case refused(String)
  /// To be tried again.
  case unavailable(String, retryAfter: Double?)

  init(_ answer: APIAnswer) {
    let value = try? JSONValue(parsing: answer.body)
    let detail = Self.detail(value) ?? "status \(answer.status)"
    switch answer.status {
    case 200..<300:
      if answer.status == 204 || answer.body.isEmpty {
        self = .value(.null)
      } else if let value {
        self = .value(value)
      } else {
        // A proxy's page, or half an answer.
        self = .unavailable("the answer is not JSON", retryAfter: nil)
      }
    case 401, 403: self = .closed(detail)
    case 404, 410: self = .missing(detail)
    case 409: self = .conflict(detail, isLease: Self.isLease(value))
    case 408, 425, 429, 500..<600:
      self = .unavailable("the service answered with status \(answer.status)", retryAfter: Self.seconds(answer))
    case 300..<400: self = .closed("the server answered with a redirect (status \(answer.status))")
    default: self = .refused(detail)
    }
  }

  /// The sentence of a problem document, with what it says of each member.
  private static func detail(_ value: JSONValue?) -> String? {
    guard let value, let text = value["detail"]?.stringValue ?? value["title"]?.stringValue else { return nil }
    let faults = (value["errors"]?.arrayValue ?? []).compactMap { fault in
      fault["detail"]?.stringValue.map { "\(fault["pointer"]?.stringValue ?? ""): \($0)" }
    }
    return faults.isEmpty ? text : text + " " + faults.joined(separator: "; ")
  }

  private static func isLease(_ value: JSONValue?) -> Bool {
    ["type", "code", "title"].contains { member in
      value?[member]?.stringValue.map { $0.contains("lease_lost") || $0.contains("lease-lost") } == true
    }
  }

  private static func seconds(_ answer: APIAnswer) -> Double? {
    answer.fields["retry-after"].flatMap(Double.init).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }
}

extension ReportAnswer {
  /// What the answer to a call means for it.
  init(_ answer: ServiceAnswer, to call: ReportCall) {
    switch answer {
    case .value(let value): self = Self.read(value, call)
    case .conflict(_, isLease: true): self = .leaseLost
    case .conflict(let detail, isLease: false): self = call.isComplete ? .otherResult(detail) : .leaseLost
    // A service that keeps no output is no reason to give up a trial; a heartbeat tells of a study that is gone.
    case .missing(let detail): self = call.isLog ? .refused(detail) : .deleted
    // The token may be changed back; the command runs on.
    case .closed(let detail): self = .unreachable(detail, retryAfter: nil)
    case .refused(let detail): self = .refused(detail)
    case .unavailable(let reason, let seconds): self = .unreachable(reason, retryAfter: seconds)
    }
  }

  private static func read(_ value: JSONValue, _ call: ReportCall) -> ReportAnswer {
    switch call {
    case .measurement, .heartbeat:
      let stops = value["should_stop"] == .bool(true)
      return .renewed(stop: stops ? StopReason(reason: value["reason"]?.stringValue) : nil)
    case .complete: return .taken(state: (value["trial"] ?? value)["state"]?.stringValue)
    case .log, .release: return .taken(state: nil)
    }
  }
}
