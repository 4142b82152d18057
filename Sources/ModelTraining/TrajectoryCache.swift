import Foundation
import Promises

/// Trainings that can be continued, up to a number of bytes; the least recently used leave.
///
/// A training is with one caller at a time; another that asks for it waits, and finds what the first has trained.
///
/// `@unchecked Sendable`: every variable is read and written under the lock alone, and a trajectory, which is not
/// thread-safe itself, is taken out of `idle` while a caller works on it.
public final class TrajectoryCache: @unchecked Sendable {
  private let lock = NSLock()
  private var idle: LeastRecentlyUsed<String, any TrainingTrajectory>
  private var busy: Set<String> = []

  /// Makes a cache of at most `byteLimit` bytes.
  public init(byteLimit: Int = 64 << 20) {
    idle = LeastRecentlyUsed(limit: byteLimit) { $0.byteCount }
  }

  /// Works on the training of a key, which is made where it is not there; nil where cancelled while waiting for it.
  public func withTrajectory<Value>(
    _ key: String, isCancelled: () -> Bool, make: () throws -> any TrainingTrajectory,
    work: (any TrainingTrajectory) throws -> Value
  ) rethrows -> Value? {
    guard let found = take(key, isCancelled: isCancelled) else { return nil }
    var trajectory = found
    defer { giveBack(key, trajectory) }
    let used = try trajectory ?? make()
    trajectory = used
    return try work(used)
  }

  /// Checks a trajectory out for the caller. `.some(nil)`: none cached. `nil`: cancelled while waiting.
  private func take(_ key: String, isCancelled: () -> Bool) -> (any TrainingTrajectory)?? {
    lock.lock()
    defer { lock.unlock() }
    while busy.contains(key) {
      if isCancelled() { return nil }
      // Not by a wait until a time of day: with a clock that is set back it would last as long as that.
      lock.unlock()
      usleep(5000)
      lock.lock()
    }
    busy.insert(key)
    return .some(idle.removeValue(for: key))
  }

  private func giveBack(_ key: String, _ trajectory: (any TrainingTrajectory)?) {
    lock.lock()
    defer { lock.unlock() }
    busy.remove(key)
    if let trajectory { idle.insert(trajectory, for: key) }
  }
}
