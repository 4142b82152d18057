import JSONText

/// What is to be told of one trial, in which order and when: a state machine that knows no clock and no network.
///
/// Its owner feeds it with what the command does and with what the service answers, asks it for the next step, and looks
/// whether the command has to stop. Times are seconds of any clock that only goes forward.
struct TrialReport {
  /// What to do now.
  enum Step: Sendable, Hashable {
    case send(ReportCall)
    /// Nothing until this time, or until something happens.
    case wait(until: Double)
    case over(Conclusion)
  }

  /// How many measurements may wait to be told; while there are more, no output is read, so that the command waits.
  static let mostWaiting = 10_000
  private static let logSeconds = 1.0

  private let heartbeatSeconds: Double
  private let isPrunable: Bool
  private var backoff: Backoff
  private var measurements: [Measurement] = []
  private var sent = 0
  private var log = OutputLog()
  private var result: TrialResult?
  /// Whether no process of the command is left.
  private(set) var hasEnded = false
  private var isCutOff = false
  private var conclusion: Conclusion?
  private var heartbeatAt: Double
  private var logAt: Double
  private var retryAt = -Double.infinity

  /// Why the command has to stop; nil while it may run.
  private(set) var stop: StopReason?
  /// What the service did not take though it might have: one sentence, for the worker's person.
  private(set) var remark: String?

  /// `isPrunable`: whether the service may end the trial for what was measured.
  init(leaseSeconds: Double, isPrunable: Bool = false, now: Double, backoff: Backoff = Backoff()) {
    self.isPrunable = isPrunable
    heartbeatSeconds = leaseSeconds / 3
    heartbeatAt = now + heartbeatSeconds
    logAt = now + Self.logSeconds
    self.backoff = backoff
  }

  /// Whether the command should not be read from for the moment.
  var isFull: Bool { measurements.count - sent > Self.mostWaiting }

  // What the command does

  mutating func measured(_ new: [Measurement]) { measurements += new }

  mutating func wrote(_ bytes: some Collection<UInt8>) { log.append(bytes) }

  /// No process is left; `result` is what came of it, or nil where the trial is to be handed back.
  mutating func ended(_ result: TrialResult?) {
    hasEnded = true
    self.result = result
  }

  // What the worker wants

  /// The worker ends: the trial is handed back, unless its command has ended before and only its result is to be told.
  mutating func release() {
    retryAt = -Double.infinity
    if !hasEnded, stop == nil { stop = .release }
  }

  /// The command has used its time.
  mutating func timeIsUp() { if stop == nil { stop = .timeout } }

  // What to tell

  mutating func next(at now: Double) -> Step {
    if hasEnded, let conclusion, isCutOff || !log.hasUnsent { return .over(conclusion) }
    if isCutOff { return .wait(until: .infinity) }
    if now < retryAt { return .wait(until: retryAt) }
    if now >= logAt || hasEnded, let piece = log.next { return .send(.log(offset: piece.offset, bytes: piece.bytes)) }
    if conclusion != nil { return .wait(until: log.hasUnsent ? logAt : .infinity) }
    if hasEnded, result == nil { return .send(.release) }
    if sent < measurements.count { return .send(.measurement(measurements[sent])) }
    if let result { return .send(.complete(result)) }
    if now >= heartbeatAt { return .send(.heartbeat) }
    return .wait(until: log.hasUnsent ? min(logAt, heartbeatAt) : heartbeatAt)
  }

  mutating func answered(_ call: ReportCall, _ answer: ReportAnswer, at now: Double) {
    if case .unreachable(_, let seconds) = answer {
      retryAt = now + backoff.next(asked: seconds)
      return
    }
    backoff.succeeded()
    retryAt = -Double.infinity
    switch (call, answer) {
    case (.log, _): logAnswered(call, answer, now)
    case (_, .leaseLost): lost(call)
    case (_, .deleted): conclude(.deleted, .deleted)
    case (.complete(let result), .taken(let state)): conclusion = .told(result, state: state ?? "completed")
    case (.complete(let result), .refused(let reason)): refused(result, reason)
    case (.complete, .otherResult(let reason)): conclusion = .refused(reason)
    case (.release, _): conclusion = .released
    case (.measurement, _): measurementAnswered(answer, now)
    case (.heartbeat, _): renewed(answer, now)
    case (.complete, _): conclusion = .refused("the service answered a result as if it were something else")
    }
  }

  private mutating func measurementAnswered(_ answer: ReportAnswer, _ now: Double) {
    if case .refused(let reason) = answer, remark == nil { remark = "a measurement was not taken: \(reason)" }
    sent += 1
    if sent > 1000 || sent == measurements.count {
      measurements.removeFirst(sent)
      sent = 0
    }
    renewed(answer, now)
  }

  private mutating func renewed(_ answer: ReportAnswer, _ now: Double) {
    heartbeatAt = now + heartbeatSeconds
    guard case .renewed(let reason?) = answer else { return }
    // What a command that has ended before has to say is still told: the first outcome wins.
    if result != nil, reason != .deleted { return }
    conclude(reason == .pruned ? .pruned : reason == .deleted ? .deleted : .stopped, reason)
  }

  private mutating func logAnswered(_ call: ReportCall, _ answer: ReportAnswer, _ now: Double) {
    guard case .log(let offset, let bytes) = call else { return }
    logAt = now + Self.logSeconds
    switch answer {
    case .taken, .renewed: log.isUploaded(to: offset + bytes.count)
    case .refused(let reason), .otherResult(let reason):
      log.giveUp()
      if remark == nil { remark = "the output was not taken: \(reason)" }
    case .leaseLost where conclusion != nil || hasEnded: log.giveUp()
    case .leaseLost: lost(call)
    case .deleted: conclude(.deleted, .deleted)
    case .unreachable: break
    }
  }

  /// Another may have the trial. A result needs no lease: whose comes first is taken. But where a rule would have judged
  /// measurements that are not told any more, it could be another outcome than that of a trial that nothing disturbed.
  private mutating func lost(_ call: ReportCall) {
    let mayBePruned = isPrunable && sent < measurements.count
    if let result, !result.needsLease, !call.isComplete, !mayBePruned {
      measurements = []
      sent = 0
      return
    }
    conclude(.leaseLost, .leaseLost)
  }

  private mutating func refused(_ result: TrialResult, _ reason: String) {
    // A result that the service cannot use is a failure of the command, which the study must learn of.
    if case .metrics = result {
      self.result = .failure("The service did not take the result: \(reason)", class: .error)
      remark = "a result was not taken: \(reason)"
    } else {
      conclusion = .refused(reason)
    }
  }

  private mutating func conclude(_ conclusion: Conclusion, _ reason: StopReason) {
    self.conclusion = conclusion
    measurements = []
    sent = 0
    if stop == nil { stop = reason }
    // Of a trial that this worker has not got any more, nothing more is told.
    if reason == .leaseLost || reason == .deleted { isCutOff = true }
    if isCutOff { log.giveUp() }
  }
}

extension ReportCall {
  var isComplete: Bool {
    if case .complete = self { true } else { false }
  }

  var isLog: Bool {
    if case .log = self { true } else { false }
  }
}

extension TrialResult {
  /// Whether the service takes it only from the one who has the trial.
  var needsLease: Bool {
    if case .failure = self { true } else { false }
  }
}
