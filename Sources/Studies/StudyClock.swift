import Foundation

/// What time it is; a test moves it by hand.
///
/// `now` is for what is stored and shown. It is set by people and by the network, forward and back, so how long something
/// took is the difference of two readings of `seconds`, never of two of `now`.
public protocol StudyClock: Sendable {
  /// Wall-clock time.
  func now() -> Date

  /// Seconds on a clock that nobody sets; it rests while the computer sleeps.
  func seconds() -> Double

  /// Waits until `seconds()` has reached that; throws where the task is cancelled.
  func sleep(until seconds: Double) async throws
}

/// The computer's own clock.
public struct SystemClock: StudyClock {
  /// Makes it.
  public init() {}
  /// Whole milliseconds, as they are stored and shown.
  public func now() -> Date { Date(timeIntervalSince1970: (Date().timeIntervalSince1970 * 1000).rounded(.down) / 1000) }

  public func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  public func sleep(until seconds: Double) async throws {
    while true {
      let rest = seconds - self.seconds()
      guard rest > 0 else { return }
      try await Task.sleep(for: .seconds(min(rest, 1e9)), clock: SuspendingClock())
    }
  }
}

extension Date {
  /// A time `seconds` later, in whole milliseconds, as times are stored.
  func later(by seconds: Double) -> Date {
    Date(timeIntervalSince1970: ((timeIntervalSince1970 + max(0, seconds)) * 1000).rounded() / 1000)
  }
}
