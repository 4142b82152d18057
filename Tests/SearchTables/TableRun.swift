import SearchAlgorithms
import SearchSpace

/// What is run on a table.
public struct SearchSetting: Sendable {
  /// The algorithm.
  public var algorithm: AlgorithmDescription
  /// Its options; those that are left out have their defaults.
  public var options: [String: ParameterValue]
  /// How many trials run at once.
  public var parallelism: Int
  /// The budget that the algorithm is told; nil: none.
  public var budget: Int?
  /// How many workers have nothing to do while a trial runs, and each evaluate one point that is likely to be asked for.
  public var idle: Int
  /// Whether the table's ties decide between equal losses.
  public var breaksTies = false

  /// Makes a setting.
  public init(
    _ algorithm: AlgorithmDescription, options: [String: ParameterValue] = [:], parallelism: Int = 1,
    budget: Int? = nil, idle: Int = 0
  ) {
    self.algorithm = algorithm
    self.options = options
    self.parallelism = parallelism
    self.budget = budget
    self.idle = idle
  }

  /// The search of a table with a seed.
  public func search(of table: SearchTable, seed: UInt64) -> any SearchAlgorithm {
    var options: [String: ParameterValue] = [:]
    for option in algorithm.facts.options { options[option.name] = option.defaultValue }
    return algorithm.make(
      AlgorithmContext(
        space: table.space, seed: seed, maximize: false, options: options.merging(self.options) { $1 },
        parallelism: parallelism, budget: budget))
  }
}

/// One run of a search on a table.
public struct TableRun: Sendable {
  /// The places of the points in the table, in the order in which they were suggested.
  public var places: [Int] = []
  /// How many distinct points were evaluated until one reached the target; nil where none did.
  public var reached: Int?
  /// The best loss after each of the checkpoints; where the search ended before, its last best.
  public var bests: [Double]
  /// By suggestion: how long the algorithm took for it, with all that it was told before it, in milliseconds.
  public var milliseconds: [Double]
  /// By suggestion that awaited an outcome: whether an idle worker had evaluated its point; empty without idle workers.
  public var wasAhead: [Bool]

  /// Runs a search with the run's number as seed, on the instance of that number. Ends at the target and the last checkpoint,
  /// whichever is later, at `limit` distinct points, or where the search has nothing more.
  public init(
    _ setting: SearchSetting, on table: SearchTable, number: Int, checkpoints: [Int] = [], limit: Int = .max
  ) {
    let instance = number % table.instances
    let target = table.targets[instance]
    let clock = ContinuousClock()
    var search = setting.search(of: table, seed: UInt64(number))
    var seen: Set<Int> = []
    var best = Double.infinity
    reached = nil
    bests = []
    milliseconds = []
    wasAhead = []
    var ahead: Set<Point> = []
    let last = checkpoints.max() ?? 0
    while seen.count < limit, reached == nil || seen.count < last {
      let start = clock.now
      var proposal = search.propose(places.count + 1)
      var hasAwaited = false
      while case .awaits(let trial) = proposal {
        hasAwaited = true
        if setting.idle > 0, let search = search as? any LearningSearch {
          for point in search.likely.filter({ !ahead.contains($0) }).prefix(setting.idle) { ahead.insert(point) }
        }
        search.observe(trial, table.outcome(at: places[trial - 1], withTie: setting.breaksTies))
        proposal = search.propose(places.count + 1)
      }
      guard case .suggestion(let suggestion) = proposal else { break }
      if setting.idle > 0, hasAwaited { wasAhead.append(ahead.contains(suggestion.point)) }
      search.register(places.count + 1, suggestion)
      milliseconds.append((clock.now - start) / .milliseconds(1))
      let place = table.place(of: suggestion.point, instance: instance)
      places.append(place)
      guard seen.insert(place).inserted else { continue }
      best = min(best, table.losses[place])
      if best <= target, reached == nil { reached = seen.count }
      if checkpoints.contains(seen.count) { bests.append(best) }
    }
    while bests.count < checkpoints.count { bests.append(best) }
  }
}
