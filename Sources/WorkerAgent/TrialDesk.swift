import CSystem
import Dispatch
import Foundation
import Promises

/// What the thread that watches a command and the thread that talks to the service share about one trial.
final class TrialDesk: Sendable {
  private struct State: Sendable {
    var report: TrialReport
    var mustKill = false
  }

  private let state: Locked<State>
  /// Wakes the thread that talks.
  private let bell = DispatchSemaphore(value: 0)
  /// Wakes the thread that watches; readable once the command has to stop.
  let wake: Int32

  init(_ report: TrialReport) {
    state = Locked(State(report: report))
    wake = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
  }

  deinit { close(wake) }

  /// Changes the report, and wakes whom it concerns.
  private func change(_ body: (inout TrialReport) -> Void) {
    let mustStop = state.withLock { state in
      let before = state.report.stop
      body(&state.report)
      return before == nil && state.report.stop != nil
    }
    if mustStop { wakeWatch() }
    bell.signal()
  }

  private func wakeWatch() {
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }

  // For the thread that watches

  /// Why the command has to stop, and whether at once.
  var order: (stop: StopReason?, mustKill: Bool) { state.withLock { ($0.report.stop, $0.mustKill) } }
  var isFull: Bool { state.withLock { $0.report.isFull } }
  func wrote(_ bytes: [UInt8], _ measurements: [Measurement]) {
    change { report in
      report.wrote(bytes)
      report.measured(measurements)
    }
  }
  func timeIsUp() { change { $0.timeIsUp() } }
  func ended(_ result: TrialResult?) { change { $0.ended(result) } }

  // For the thread that talks

  func next() -> TrialReport.Step { state.withLock { $0.report.next(at: Moment.now) } }
  func answered(_ call: ReportCall, _ answer: ReportAnswer) { change { $0.answered(call, answer, at: Moment.now) } }
  var remark: String? { state.withLock { $0.report.remark } }

  /// Waits until something changes, or until a time.
  func wait(until time: Double) {
    _ = bell.wait(timeout: .now() + max(0, min(time - Moment.now, 3600)))
    // What came meanwhile is looked at together.
    while bell.wait(timeout: .now()) == .success {}
  }

  // For the worker

  func release() { change { $0.release() } }

  var hasEnded: Bool { state.withLock { $0.report.hasEnded } }

  /// Every process of the command gets SIGKILL.
  func kill() {
    state.withLock { $0.mustKill = true }
    wakeWatch()
  }
}

/// A clock that only goes forward, in seconds.
enum Moment {
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
