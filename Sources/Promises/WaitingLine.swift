import Dispatch

/// Tasks that wait in a line, each with what it asks for, until somebody answers the first of them.
///
/// Each place is answered by one: by the one who takes it out of the line, or by the end of the wait. So nothing is given to a
/// task that waits no more.
public final class WaitingLine<Request: Sendable, Answer: Sendable>: Sendable {
  /// A task that waits, taken out of the line.
  public struct Place: Sendable {
    /// What it asks for.
    public let request: Request
    fileprivate let promise: Promise<Answer?>

    /// Ends the wait with an answer; once.
    public func answer(_ answer: Answer) { promise.keep(answer) }
  }

  private struct State {
    var places: [Int: Place] = [:]
    var count = 0
    var isClosed = false
  }

  private let state = Locked(State())

  /// Makes a line in which nobody waits.
  public init() {}

  /// Whether nobody waits.
  public var isEmpty: Bool { state.withLock { $0.places.isEmpty } }

  /// Waits at the end of the line: nil after `seconds`, once the task is cancelled, or where all waits are ended.
  ///
  /// `joined` is called when the task is in the line, and can be answered; on any thread.
  public func wait(with request: Request, seconds: Double, joined: @Sendable () -> Void) async -> Answer? {
    let id = state.withLock { state in
      state.count += 1
      return state.count
    }
    let timer = DispatchSource.makeTimerSource()
    timer.setEventHandler { @Sendable [weak self] in self?.end(id) }
    timer.schedule(deadline: .now() + max(0, seconds))
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await Promise<Answer?>.kept { promise in
        let isOver = state.withLock { state in
          state.places[id] = Place(request: request, promise: promise)
          return Task.isCancelled || state.isClosed
        }
        // Always: Dispatch ends the process where a source that was never activated is given up.
        timer.activate()
        if isOver { end(id) } else { joined() }
      }
    } onCancel: {
      end(id)
    }
  }

  /// Takes the task out of the line that has waited longest; nil where nobody waits. It waits until it is answered.
  public func takeFirst() -> Place? {
    state.withLock { state in
      guard let first = state.places.keys.min() else { return nil }
      return state.places.removeValue(forKey: first)
    }
  }

  /// Ends every wait of this moment.
  public func endAll() {
    let ended = state.withLock { state in
      defer { state.places = [:] }
      return Array(state.places.values)
    }
    for place in ended { place.promise.keep(nil) }
  }

  /// Ends every wait, also those that begin later.
  public func close() {
    state.withLock { $0.isClosed = true }
    endAll()
  }

  private func end(_ id: Int) { state.withLock { $0.places.removeValue(forKey: id) }?.promise.keep(nil) }
}
