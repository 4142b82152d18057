import Foundation
import Studies

/// A clock that a test moves.
///
/// `@unchecked Sendable`: the variables are read and written under the lock alone.
public final class ManualClock: StudyClock, @unchecked Sendable {
  private let lock = NSLock()
  private var wall = Date(timeIntervalSince1970: 1_800_000_000)
  private var passed = 1000.0

  /// Makes a clock in January 2027.
  public init() {}

  /// Time passes, by both clocks.
  public func advance(by seconds: Double) {
    lock.withLock {
      wall += seconds
      passed += seconds
    }
  }

  /// Somebody sets the wall clock ahead, or back where below zero.
  public func step(by seconds: Double) { lock.withLock { wall += seconds } }

  public func now() -> Date { lock.withLock { wall } }
  public func seconds() -> Double { lock.withLock { passed } }
  public func sleep(until seconds: Double) async throws {
    while self.seconds() < seconds { try await Task.sleep(for: .milliseconds(1)) }
  }
}
