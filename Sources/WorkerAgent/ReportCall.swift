import JSONText

/// Something that a worker tells the service about its trial.
enum ReportCall: Sendable, Hashable {
  case measurement(Measurement)
  case heartbeat
  case log(offset: Int, bytes: [UInt8])
  case complete(TrialResult)
  case release
}

/// What came of a call.
enum ReportAnswer: Sendable, Hashable {
  /// The lease is renewed; where the caller shall stop, why.
  case renewed(stop: StopReason?)
  /// Taken; of a result, the state of its trial now.
  case taken(state: String?)
  /// The trial may be in other hands.
  case leaseLost
  /// There is no such trial or study any more.
  case deleted
  /// The service will never take it: why.
  case refused(String)
  /// The trial has another result already.
  case otherResult(String)
  /// Nothing was heard; it is to be told again, after the seconds that the service asks for.
  case unreachable(String, retryAfter: Double?)
}

/// Why a command shall stop, though it did not end by itself.
enum StopReason: Sendable, Hashable {
  case pruned, stopped, deleted, leaseLost, timeout, release

  /// From the `reason` of an answer.
  init(reason: String?) {
    switch reason {
    case "pruned": self = .pruned
    case "deleted": self = .deleted
    default: self = .stopped
    }
  }
}

/// How a trial ended for its worker.
enum Conclusion: Sendable, Hashable {
  /// The result is told; the trial's state now: `queued` where it will be tried again.
  case told(TrialResult, state: String)
  /// The service had another result, or took none: why.
  case refused(String)
  case pruned, stopped, deleted, leaseLost, released
}
