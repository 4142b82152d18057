import SearchAlgorithms
import SearchSpace

/// How far a study's search has come: the numbers that it has given, and the outcomes that it was shown.
///
/// The algorithm sees an outcome only once it has awaited it. Its next proposal is kept until a number is registered or an
/// outcome observed, since a proposal can cost more than the training that it is for.
struct SearchProgress: Sendable {
  private(set) var algorithm: any SearchAlgorithm
  /// The highest number that has a suggestion.
  private(set) var highest = 0
  /// The suggestion of that number, where it is known.
  private(set) var last: Suggestion?
  /// Outcomes that came before the algorithm awaited them.
  private(set) var unobserved: [Int: ObservedOutcome] = [:]
  private var next: Proposal?
  /// Points that may be suggested soon, of the first guesses, each once; how many these are, and whether there are more.
  private var likely: (points: [Point], guesses: Int, hasMore: Bool) = ([], 0, true)
  /// The algorithm as it was when the last number got its suggestion, and what it was shown since; nil: nothing.
  private var sinceLast: (algorithm: any SearchAlgorithm, shown: [Int: ObservedOutcome])?
  /// The last number whose outcome a replay has shown to the algorithm.
  private var replayed = 0

  /// Begins before the first number.
  init(_ algorithm: any SearchAlgorithm) { self.algorithm = algorithm }

  /// What the algorithm says of the next number; shows it the outcomes that it awaits, and only those.
  mutating func proposal() -> Proposal {
    while true {
      let proposal = next ?? algorithm.propose(highest + 1)
      next = proposal
      guard case .awaits(let number) = proposal, let outcome = unobserved.removeValue(forKey: number) else {
        return proposal
      }
      if sinceLast == nil { sinceLast = (algorithm, [:]) }
      sinceLast?.shown[number] = outcome
      algorithm.observe(number, outcome)
      forgetProposal()
    }
  }

  /// The proposal that was last asked for, while nothing has changed since.
  var known: Proposal? { next }

  /// What followed from the algorithm's state before.
  private mutating func forgetProposal() {
    next = nil
    likely = ([], 0, true)
  }

  // MARK: Running ahead

  /// Whether there may be a likely point besides some; false once it is known that there is none. O(points known).
  func mayBeLikely(besides others: Set<Point>) -> Bool {
    algorithm is any LearningSearch && (likely.hasMore || likely.points.contains { !others.contains($0) })
  }

  /// The likeliest point besides some; nil where there is none. The algorithm is asked for no more guesses than it takes.
  mutating func likelyPoint(besides others: Set<Point>) -> Point? {
    guard let search = algorithm as? any LearningSearch else { return nil }
    while true {
      if let point = likely.points.first(where: { !others.contains($0) }) { return point }
      guard likely.hasMore, let more = search.likely(likely.guesses) else {
        likely.hasMore = false
        return nil
      }
      likely.guesses += 1
      likely.points += more.filter { !likely.points.contains($0) }
    }
  }

  /// Gives the next number to a suggestion.
  mutating func register(_ suggestion: Suggestion) {
    // Before the algorithm changes, so that it is not copied.
    sinceLast = nil
    highest += 1
    algorithm.register(highest, suggestion)
    last = suggestion
    forgetProposal()
  }

  /// From the next number on another parallelism is in force.
  ///
  /// The horizon of that number follows from the one of the number before. So what the algorithm was shown since is taken
  /// back: whether it had been shown more when the edit came must not matter.
  mutating func setParallelism(_ parallelism: Int) {
    if let sinceLast {
      algorithm = sinceLast.algorithm
      unobserved.merge(sinceLast.shown) { $1 }
    }
    sinceLast = nil
    forgetProposal()
    guard var search = algorithm as? any LearningSearch else { return }
    search.setParallelism(parallelism)
    algorithm = search
  }

  /// Keeps an outcome until the algorithm awaits it.
  mutating func add(_ outcome: ObservedOutcome?, of number: Int) {
    if algorithm.needsHistory, let outcome { unobserved[number] = outcome }
  }

  /// Registers a stored trial, the next by number; the algorithm is asked nothing again.
  mutating func replay(_ number: Int, _ suggestion: Suggestion, _ outcome: ObservedOutcome?) {
    // The algorithm had seen exactly the outcomes up to the horizon when it made this suggestion.
    while replayed < suggestion.horizon {
      replayed += 1
      if let outcome = unobserved.removeValue(forKey: replayed) { algorithm.observe(replayed, outcome) }
    }
    highest = number - 1
    register(suggestion)
    add(outcome, of: number)
  }

  /// Goes on after a number, for a search that only counts; `last` is the suggestion of it.
  mutating func skip(to number: Int, last: Suggestion?) {
    highest = number
    self.last = last
    forgetProposal()
  }
}
