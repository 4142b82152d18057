import Foundation
import SearchSpace
import StudyDefinitions

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
  /// So many seconds later, in whole milliseconds, as times are stored.
  func later(by seconds: Double) -> Date {
    Date(timeIntervalSince1970: ((timeIntervalSince1970 + max(0, seconds)) * 1000).rounded() / 1000)
  }
}

/// What models cost, and where their trainings may end.
public protocol ModelDirectory: Sendable {
  /// The setting of a study's model that says where a training ends and decides nothing before (`iterations`), if any.
  func progressSetting(_ definition: ResolvedDefinition) -> String?

  /// About how many floating-point operations a trial at a point takes.
  func operations(_ definition: ResolvedDefinition, at point: Point) -> Double
}

/// What a study is doing now that no row says; read by GETs without waiting for the study's runner.
public struct LiveStatus: Sendable, Hashable {
  /// Why nothing new starts: `workers`, `results`, `paused`, `max_running`, `disk`, or nil.
  public var waitingFor: String?
  /// Since when it has been `running` without a break, by the clock's `seconds`; nil while it is not.
  public var runningSince: Double?
  /// `elapsed_seconds` at `runningSince`.
  public var elapsedBefore: Double
  /// How many workers it may count on now (a share of the pool).
  public var workers: Double
  /// What its finished trials cost: seconds against predicted operations.
  public var costs: CostSums
  /// How many trials are still to start, and their predicted operations; nil where unbounded.
  public var remaining: (count: Int, operations: Double)?
  /// The trials that run now, by the workers that were handed them.
  public var batches: [Batch]

  /// Trials that one worker runs, one after the other.
  public struct Batch: Sendable, Hashable {
    public var count: Int
    /// Their predicted operations together.
    public var operations: Double
    /// By the clock's `seconds`.
    public var startedAt: Double
    /// Makes one.
    public init(count: Int, operations: Double, startedAt: Double) {
      self.count = count
      self.operations = operations
      self.startedAt = startedAt
    }
  }

  public static func == (a: LiveStatus, b: LiveStatus) -> Bool {
    a.waitingFor == b.waitingFor && a.runningSince == b.runningSince && a.elapsedBefore == b.elapsedBefore
      && a.workers == b.workers && a.costs == b.costs && a.remaining?.count == b.remaining?.count
      && a.remaining?.operations == b.remaining?.operations && a.batches == b.batches
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(waitingFor)
    hasher.combine(costs)
  }

  /// Makes a status.
  public init(
    waitingFor: String?, runningSince: Double?, elapsedBefore: Double, workers: Double, costs: CostSums,
    remaining: (count: Int, operations: Double)?, batches: [Batch]
  ) {
    self.waitingFor = waitingFor
    self.runningSince = runningSince
    self.elapsedBefore = elapsedBefore
    self.workers = workers
    self.costs = costs
    self.remaining = remaining
    self.batches = batches
  }
}

/// Sums over finished trials of predicted operations x and measured seconds y, enough for a straight line.
public struct CostSums: Sendable, Hashable {
  public private(set) var count = 0
  public private(set) var x = 0.0
  public private(set) var y = 0.0
  public private(set) var xx = 0.0
  public private(set) var xy = 0.0

  /// Makes empty sums.
  public init() {}

  /// Adds a trial.
  public mutating func add(operations: Double, seconds: Double) {
    count += 1
    x += operations
    y += seconds
    xx += operations * operations
    xy += operations * seconds
  }
}
