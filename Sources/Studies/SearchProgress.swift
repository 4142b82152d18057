import SearchAlgorithms
import SearchSpace
import StudyDefinitions

/// How far a study's search has come: the numbers that it has given, and the outcomes that it was shown.
///
/// The algorithm sees an outcome only once it has awaited it. Its next proposal is kept until a number is registered or an
/// outcome observed, since a proposal can cost more than the training that it is for. Points that a person asked for get
/// their numbers before those of the algorithm, and wait for nothing.
struct SearchProgress: Sendable {
  private(set) var algorithm: any SearchAlgorithm
  /// The highest number that has a suggestion.
  private(set) var highest = 0
  /// The suggestion of that number, where it is known.
  private(set) var last: Suggestion?
  /// Outcomes that came before the algorithm awaited them.
  private(set) var unobserved: [Int: ObservedOutcome] = [:]
  /// Which trials have outcomes, and how many of the last may lack theirs when the next begins; nil where trials are not
  /// judged by one another, so that only the algorithm waits.
  private var waiting: HorizonWait?
  /// What the algorithm proposed.
  private var next: Proposal?
  /// Points that may be suggested soon, of the first guesses, each once; how many these are, and whether there are more.
  private var likely: (points: [Point], guesses: Int, hasMore: Bool) = ([], 0, true)
  /// The algorithm as it was when the last number got its suggestion, and what it was shown since; nil: nothing.
  private var sinceLast: (algorithm: any SearchAlgorithm, shown: [Int: ObservedOutcome])?
  /// The last number whose outcome a replay has shown to the algorithm.
  private var replayed = 0
  /// How many of the numbers of a search that counts are its own, and points that others brought.
  private var places = 0
  /// The points that a person asked for and that have no number yet, in the order of their numbers.
  private(set) var asked: [AskedPoint]
  /// The points that a search that counts passes over: others brought them.
  private var taken: Set<Point>
  /// The new runs of the best points at the end; nil where nobody asks for any.
  private(set) var confirm: ConfirmPhase?
  /// How many trials there may be; nil where nothing bounds them.
  private var budget: Int?

  /// Begins before the first number. `taken`: points that a search that counts passes over. `waitsWith`: where trials are
  /// judged by those before, how many of these may lack their outcomes. `confirm`: the runs of the best points at the end, where
  /// there may be some, which takes its trials from the end of `budget`.
  init(
    _ algorithm: any SearchAlgorithm, initial: [Point] = [], taken: [Point] = [], waitsWith parallelism: Int? = nil,
    confirm: ConfirmPhase? = nil, budget: Int? = nil
  ) {
    self.algorithm = algorithm
    self.confirm = confirm
    self.budget = budget
    waiting = parallelism.map { HorizonWait(parallelism: $0) }
    asked = initial.map { AskedPoint(point: $0, position: nil) }
    self.taken = Set(taken + initial)
  }

  /// A point is asked for; it gets its number after those before it.
  mutating func ask(for point: AskedPoint) {
    asked.append(point)
    taken.insert(point.point)
    takeBack()
  }

  /// A point is asked for no more.
  mutating func withdraw(_ position: Int) {
    guard let place = asked.firstIndex(where: { $0.position == position }) else { return }
    taken.remove(asked.remove(at: place).point)
    takeBack()
  }

  /// Does again what an edit did.
  mutating func replay(_ edit: StudyEdit, of space: ParameterSpace) {
    if let (position, parameters) = edit.enqueued, let point = try? Point(json: parameters, space: space) {
      ask(for: AskedPoint(point: point, position: position))
    }
    if let position = edit.withdrawn { withdraw(position) }
  }

  /// Another budget is in force from the next number on.
  mutating func setBudget(_ trials: Int?) {
    budget = trials
    forgetProposal()
  }

  /// New runs of the best points are asked for, from the next number on.
  mutating func add(_ stage: ConfirmPhase.Stage) {
    confirm?.add(stage)
    forgetProposal()
  }

  /// Whether the new runs of the best points have begun: no number is the search's any more.
  var isConfirming: Bool { confirm?.hasBegun ?? false }

  /// Whether the next number is the search's, if it has one.
  private var isSearchsTurn: Bool {
    guard let confirm else { return true }
    return !confirm.hasBegun && highest < (budget ?? .max) - confirm.trialsLeft
  }

  /// What follows: a point that was asked for, else what the algorithm says, and after it the new runs of the best points.
  private mutating func proposed() -> Proposal {
    confirm?.enter(highest + 1)
    if let first = asked.first {
      var origin = Origin(kind: first.kind)
      if let position = first.position { origin.facts.append(.init("position", .integer(position))) }
      return .suggestion(Suggestion(point: first.point, horizon: last?.own.horizon ?? 0, origin: origin))
    }
    if isSearchsTurn {
      let proposal = searchProposal
      guard case .exhausted = proposal, confirm != nil else { return proposal }
    }
    confirm?.prepare(after: highest)
    return confirm?.proposal(after: highest) ?? searchProposal
  }

  /// What the algorithm says.
  private var searchProposal: Proposal {
    guard let counted = algorithm as? any CountedSearch, !taken.isEmpty else { return algorithm.propose(highest + 1) }
    return counted.suggestion(beyond: places, passing: taken, horizon: last?.horizon ?? 0)
  }

  /// What the algorithm says of the next number; shows it the outcomes that it awaits, and only those.
  mutating func proposal() -> Proposal {
    while true {
      let proposal = next ?? proposed()
      next = proposal
      guard case .awaits(let number) = proposal, let outcome = unobserved.removeValue(forKey: number) else {
        return waited(proposal)
      }
      if sinceLast == nil { sinceLast = (algorithm, [:]) }
      sinceLast?.shown[number] = outcome
      algorithm.observe(number, outcome)
      forgetProposal()
    }
  }

  /// The proposal that was last asked for, while nothing has changed since.
  var known: Proposal? { next.map(waited) }

  /// A proposal of the algorithm, or what it must wait for beside.
  private func waited(_ proposal: Proposal) -> Proposal {
    guard let waiting, case .suggestion(let suggestion) = proposal else { return proposal }
    // A round of new runs has waited for all outcomes.
    if suggestion.origin.kind == ConfirmPhase.originKind { return proposal }
    // What a person asked for waits for nothing.
    if AskedPoint.kinds.contains(suggestion.origin.kind) {
      return .suggestion(suggestion.raised(to: last?.horizon ?? 0, learns: algorithm.needsHistory))
    }
    let horizon = max(last?.horizon ?? 0, suggestion.horizon, waiting.horizon(of: highest + 1))
    if let open = waiting.firstOpen(through: horizon) { return .awaits(open) }
    return .suggestion(suggestion.raised(to: horizon, learns: algorithm.needsHistory))
  }

  /// What followed from the algorithm's state before.
  private mutating func forgetProposal() {
    next = nil
    likely = ([], 0, true)
  }

  // MARK: Running ahead

  /// How many points of a counted search are worked on ahead at most.
  private static let mostAhead = 32

  /// What the next trials will be, where the algorithm knows it already and only the horizon is waited for; `numbers`: how
  /// many trials there may still be.
  private func certain(_ numbers: Int) -> [Point] {
    guard waiting != nil, numbers > 0, case .suggestion(let suggestion)? = next else { return [] }
    guard let counted = algorithm as? any CountedSearch else { return [suggestion.point] }
    return (1...min(numbers, Self.mostAhead)).compactMap { counted.point(places + $0) }.filter { !taken.contains($0) }
  }

  /// Whether there may be a likely point besides some; false once it is known that there is none. O(points known).
  func mayBeLikely(besides others: Set<Point>, numbers: Int) -> Bool {
    guard isSearchsTurn else { return false }
    if certain(numbers).contains(where: { !others.contains($0) }) { return true }
    return algorithm is any LearningSearch && (likely.hasMore || likely.points.contains { !others.contains($0) })
  }

  /// The likeliest point besides some; nil where there is none. The algorithm is asked for no more guesses than it takes.
  mutating func likelyPoint(besides others: Set<Point>, numbers: Int) -> Point? {
    guard isSearchsTurn else { return nil }
    if let point = certain(numbers).first(where: { !others.contains($0) }) { return point }
    guard let search = algorithm as? any LearningSearch, case .awaits? = next else {
      likely.hasMore = false
      return nil
    }
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
    // Also where the search itself came to the point, just before somebody asked for it.
    if let place = asked.firstIndex(where: { $0.point == suggestion.point }) { asked.remove(at: place) }
    if suggestion.origin.kind == ConfirmPhase.originKind {
      confirm?.register(suggestion)
      unobserved = [:]
    } else if AskedPoint.kinds.contains(suggestion.origin.kind) {
      // A search that is over has no part in what follows.
      if !isConfirming { algorithm.admit(highest, suggestion.point) }
      confirm?.interrupt()
      taken.insert(suggestion.point)
    } else {
      if let counted = algorithm as? any CountedSearch, !taken.isEmpty {
        places = counted.place(of: suggestion.point, beyond: places)
      } else {
        places = highest
      }
      algorithm.register(highest, suggestion.own)
    }
    last = suggestion
    forgetProposal()
  }

  /// An edit is in force from the next number on.
  ///
  /// The horizon of that number follows from the one of the number before. So what the algorithm was shown since is taken
  /// back: whether it had been shown more when the edit came must not matter.
  private mutating func takeBack() {
    if let sinceLast {
      algorithm = sinceLast.algorithm
      unobserved.merge(sinceLast.shown) { $1 }
    }
    sinceLast = nil
    forgetProposal()
  }

  /// From the next number on another parallelism is in force.
  mutating func setParallelism(_ parallelism: Int) {
    takeBack()
    waiting?.parallelism = parallelism
    guard var search = algorithm as? any LearningSearch else { return }
    search.setParallelism(parallelism)
    algorithm = search
  }

  /// Keeps an outcome until the algorithm awaits it.
  mutating func add(_ outcome: ObservedOutcome?, of trial: Trial) {
    guard let outcome else { return }
    waiting?.add(trial.number)
    if confirm != nil {
      confirm?.add(outcome, of: trial)
      if !isSearchsTurn { forgetProposal() }
    }
    if algorithm.needsHistory, trial.replicate == 0, !isConfirming { unobserved[trial.number] = outcome }
  }

  /// The points that are left after the last round of new runs, where that is news.
  mutating func takeNews() -> [Point]? { confirm?.takeNews() }

  /// Registers a stored trial, the next by number; the algorithm is asked nothing again.
  mutating func replay(_ trial: Trial, _ outcome: ObservedOutcome?) {
    let suggestion = trial.suggestion
    highest = trial.number - 1
    if suggestion.origin.kind == ConfirmPhase.originKind {
      confirm?.prepare(after: highest)
    } else {
      confirm?.enter(trial.number)
      // The algorithm had seen exactly the outcomes up to its own horizon when it made this suggestion.
      while replayed < suggestion.own.horizon {
        replayed += 1
        if let outcome = unobserved.removeValue(forKey: replayed) { algorithm.observe(replayed, outcome) }
      }
    }
    register(suggestion)
    add(outcome, of: trial)
  }

  /// Goes on after a number, for a search that only counts; `last` is the suggestion of it.
  mutating func skip(to number: Int, last: Suggestion?) {
    highest = number
    places = number
    self.last = last
    forgetProposal()
  }
}

/// A point that a person asked for.
struct AskedPoint: Sendable, Hashable {
  /// The kinds of origins of such points.
  static let enqueuedKind = "enqueued"
  static let kinds: Set<String> = ["initial", enqueuedKind]

  var point: Point
  /// Its position among those that were enqueued, from 1; nil for one of the definition.
  var position: Int?

  /// `Origin.kind` of its trial.
  var kind: String { position == nil ? "initial" : Self.enqueuedKind }
}

extension CountedSearch {
  /// The next suggestion of its own, whose point nobody has brought; its place, from 0, is in the origin.
  fileprivate func suggestion(beyond places: Int, passing taken: Set<Point>, horizon: Int) -> Proposal {
    var place = places
    while let point = point(place + 1) {
      if !taken.contains(point) {
        let origin = Origin(kind: Self.kind, ["place": .integer(place)])
        return .suggestion(Suggestion(point: point, horizon: horizon, origin: origin))
      }
      place += 1
    }
    return .exhausted(.spaceExhausted)
  }

  /// How many places are used up once the one of a point is.
  fileprivate func place(of point: Point, beyond places: Int) -> Int {
    var place = places + 1
    while let other = self.point(place), other != point { place += 1 }
    return place
  }
}
