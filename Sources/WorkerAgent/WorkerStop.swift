import Dispatch
import Foundation
import Promises

/// The worker's end, as everything in it hears of it.
public final class WorkerStop: Sendable {
  private struct State {
    var isAsked = false
    var deadline = Double.infinity
    var desks: [ObjectIdentifier: TrialDesk] = [:]
    var sleepers: [Int: DispatchSemaphore] = [:]
    var count = 0
  }

  private let state = Locked(State())

  /// Makes a worker's end that nobody has asked for.
  public init() {}

  /// Whether the worker has to end.
  public var isAsked: Bool { state.value.isAsked }

  /// Until when trials are handed back; infinity while nobody has asked for the end.
  var deadline: Double { state.value.deadline }

  /// Whether handing back has taken so long that it is given up.
  var isOverdue: Bool { state.withLock { $0.isAsked && Moment.now > $0.deadline } }

  /// Asks for the end: commands are ended, and trials are handed back for up to `patience` seconds.
  public func ask(patience: Double) {
    let (desks, sleepers) = state.withLock { state in
      if !state.isAsked { state.deadline = Moment.now + patience }
      state.isAsked = true
      return (state.desks.values, state.sleepers.values)
    }
    for desk in desks { desk.release() }
    for sleeper in sleepers { sleeper.signal() }
  }

  /// Has every process of every command killed, and waits until none is left, but no longer than `patience` seconds.
  public func kill(patience: Double) {
    let desks = Array(state.value.desks.values)
    for desk in desks { desk.kill() }
    let end = Moment.now + patience
    while Moment.now < end, desks.contains(where: { !$0.hasEnded }) { usleep(10_000) }
  }

  func add(_ desk: TrialDesk) {
    let isAsked = state.withLock { state in
      state.desks[ObjectIdentifier(desk)] = desk
      return state.isAsked
    }
    if isAsked { desk.release() }
  }

  func remove(_ desk: TrialDesk) { state.withLock { $0.desks[ObjectIdentifier(desk)] = nil } }

  /// Waits, but not beyond the worker's end.
  func sleep(_ seconds: Double) {
    let bell = DispatchSemaphore(value: 0)
    let number: Int? = state.withLock { state in
      guard !state.isAsked else { return nil }
      state.count += 1
      state.sleepers[state.count] = bell
      return state.count
    }
    guard let number else { return }
    _ = bell.wait(timeout: .now() + max(0, seconds))
    state.withLock { $0.sleepers[number] = nil }
  }
}
