import Promises

/// Wakes those who wait for news in the journal.
public final class JournalBell: Sendable {
  private let position = Locked(0)
  /// Those who wait, by the position that they know.
  private let waiters = Waiters<Int>()

  /// The position that it last rang for; 0 where it has not yet.
  public var last: Int { position.value }

  /// Makes a bell that has not rung.
  public init() {}

  /// Tells that the journal goes up to a position now.
  public func ring(_ position: Int) {
    let isNews = self.position.withLock { last in
      defer { last = max(last, position) }
      return position > last
    }
    if isNews { waiters.wake { $0 < position } }
  }

  /// Waits until the journal goes beyond a position: false after `seconds`, or once the task is cancelled.
  public func wait(beyond position: Int, seconds: Double) async -> Bool {
    await waiters.wait(for: position, seconds: seconds) { last > position }
  }

  /// Ends every wait of this moment as if its time were over, because the service stops.
  public func endWaits() { waiters.endAll() }
}
