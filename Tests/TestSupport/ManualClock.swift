import Foundation
import Promises
import Studies

/// A clock that a test moves.
public final class ManualClock: StudyClock {
  private let time = Locked((wall: Date(timeIntervalSince1970: 1_800_000_000), passed: 1000.0))

  /// Makes a clock in January 2027.
  public init() {}

  /// Time passes, by both clocks.
  public func advance(by seconds: Double) {
    time.withLock { time in
      time.wall += seconds
      time.passed += seconds
    }
  }

  /// Somebody sets the wall clock ahead, or back where below zero.
  public func step(by seconds: Double) { time.withLock { $0.wall += seconds } }

  public func now() -> Date { time.value.wall }
  public func seconds() -> Double { time.value.passed }
  public func sleep(until seconds: Double) async throws {
    while self.seconds() < seconds { try await Task.sleep(for: .milliseconds(1)) }
  }
}
