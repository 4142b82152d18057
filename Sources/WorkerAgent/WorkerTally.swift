import Promises

/// What the slots of a worker have done together.
final class WorkerTally: Sendable {
  private struct State {
    var reserved = 0
    var states: [String: Int] = [:]
    var isUnreachable = false
    var refusal: WorkerRefusal?
    var remarks: Set<String> = []
  }

  private let state = Locked(State())
  private let limit: Int?
  private let voice: WorkerVoice

  init(limit: Int?, voice: WorkerVoice) {
    self.limit = limit
    self.voice = voice
  }

  /// Takes one of the trials that may be run; false where there is none left.
  func reserve() -> Bool {
    state.withLock { state in
      guard state.reserved < limit ?? .max else { return false }
      state.reserved += 1
      return true
    }
  }

  /// Gives back what was not used.
  func unreserve() { state.withLock { $0.reserved -= 1 } }

  /// A trial has ended for this worker, in a state or for another reason: "completed", "handed back".
  func count(_ end: String) { state.withLock { $0.states[end, default: 0] += 1 } }

  /// "12 trials (10 completed, 2 failed)".
  var summary: String {
    let states = state.value.states
    let total = states.values.reduce(0, +)
    let parts = states.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
    return "\(total) trial\(total == 1 ? "" : "s")" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
  }

  /// Says that the service is not reached, once until it is reached again.
  func isUnreachable(_ reason: String) {
    let isNew = state.withLock { state in
      defer { state.isUnreachable = true }
      return !state.isUnreachable
    }
    if isNew { voice.warn("the service cannot be reached, and is asked again until it can: \(reason)") }
  }

  func isReached() {
    let isNew = state.withLock { state in
      defer { state.isUnreachable = false }
      return state.isUnreachable
    }
    if isNew { voice.tell("the service is reached again") }
  }

  /// Says what a service did not take of a trial; of each kind, which is what precedes a colon, the first alone.
  func remark(_ text: String, of number: Int) {
    let kind = String(text.prefix { $0 != ":" })
    if state.withLock({ $0.remarks.insert(kind).inserted }) { voice.warn("trial \(number): \(text)") }
  }

  /// Why the whole worker has to end; the first reason counts.
  func refuse(_ refusal: WorkerRefusal) { state.withLock { if $0.refusal == nil { $0.refusal = refusal } } }
  var refusal: WorkerRefusal? { state.value.refusal }
}
