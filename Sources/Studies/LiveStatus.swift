/// What a study waits for before it can start another trial.
public enum WaitingFor: String, Sendable, Hashable, CaseIterable {
  /// A worker that is free.
  case workers
  /// Outcomes that the search must know first.
  case results
  /// The outcomes of the trials that are handed out: the budget has no more.
  case budget
  /// A person, who has paused it.
  case paused
  /// One of its own trials to end: as many run as may.
  case maxRunning = "max_running"
  /// Room on the disk, or whatever else keeps the store from taking changes.
  case disk
}

/// What a study is doing now that no row says; read by GETs without waiting for the study's runner.
public struct LiveStatus: Sendable, Hashable {
  /// Why nothing new starts, if nothing does.
  public var waitingFor: WaitingFor?
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
    waitingFor: WaitingFor?, runningSince: Double?, elapsedBefore: Double, workers: Double, costs: CostSums,
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
