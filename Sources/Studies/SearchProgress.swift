import SearchAlgorithms

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
      algorithm.observe(number, outcome)
      next = nil
    }
  }

  /// The proposal that was last asked for, while nothing has changed since.
  var known: Proposal? { next }

  /// Gives the next number to a suggestion.
  mutating func register(_ suggestion: Suggestion) {
    highest += 1
    algorithm.register(highest, suggestion)
    last = suggestion
    next = nil
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
    next = nil
  }
}
