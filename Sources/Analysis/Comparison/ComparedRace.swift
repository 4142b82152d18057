/// What a comparison knows of a trial that has an outcome.
public struct ComparedTrial: Sendable, Hashable {
  /// The objective; nil where the trial was not completed.
  public var value: Double?
  /// Tells points apart.
  public var point: UInt64
  /// The iterations that it counts as; nil where its model counts none.
  public var iterations: Double?
  /// What its evaluations took, whichever study they were trained for; nil where that is not known.
  public var seconds: Double?

  /// Makes one.
  public init(value: Double?, point: UInt64, iterations: Double? = nil, seconds: Double? = nil) {
    self.value = value
    self.point = point
    self.iterations = iterations
    self.seconds = seconds
  }
}

/// One study of a comparison: an algorithm with one seed.
public struct ComparedRace: Sendable {
  /// What races of different algorithms share that are compared with one another.
  public struct Pair: Sendable, Hashable, Comparable {
    public var seed: Int
    public var trainingSeed: Int

    /// Makes one.
    public init(seed: Int, trainingSeed: Int) {
      self.seed = seed
      self.trainingSeed = trainingSeed
    }

    public static func < (left: Self, right: Self) -> Bool {
      (left.seed, left.trainingSeed) < (right.seed, right.trainingSeed)
    }
  }

  /// The study's name.
  public var study: String
  public var pair: Pair
  /// Whether the study has ended by itself; then its best value is final.
  public var hasEnded: Bool
  /// In order of number, up to the first one without an outcome.
  public var trials: [ComparedTrial]

  /// Makes one.
  public init(study: String, pair: Pair, hasEnded: Bool, trials: [ComparedTrial]) {
    self.study = study
    self.pair = pair
    self.hasEnded = hasEnded
    self.trials = trials
  }
}

/// The best value so far over what was spent: a value from each place on at which it improves.
struct BestPath: Sendable {
  /// Where it improves, ascending.
  private(set) var places: [Double] = []
  /// The best value from that place on.
  private(set) var values: [Double] = []
  /// What all trials took together.
  private(set) var end = 0.0
  let hasEnded: Bool

  /// The path of a race, over trials (each costs 1) or over what `cost` says; nil where it does not say that of a trial.
  init?(_ race: ComparedRace, maximize: Bool, cost: (ComparedTrial) -> Double?) {
    hasEnded = race.hasEnded
    for trial in race.trials {
      guard let spent = cost(trial) else { return nil }
      end += spent
      guard let value = trial.value, value.isFinite else { continue }
      if let best = values.last, maximize ? value <= best : value >= best { continue }
      if places.last == end {
        values[values.count - 1] = value
      } else {
        places.append(end)
        values.append(value)
      }
    }
  }

  /// The best value of all; nil where there is none.
  var final: Double? { values.last }

  /// The best value at a place; nil before the first.
  func value(at place: Double) -> Double? {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] <= place { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? values[low - 1] : nil
  }

  /// Where a value is reached first; nil where it is not.
  func place(reaching target: Double, maximize: Bool) -> Double? {
    zip(places, values).first { maximize ? $0.1 >= target : $0.1 <= target }?.0
  }
}
