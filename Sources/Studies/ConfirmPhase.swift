import SearchAlgorithms
import SearchSpace
import StudyDefinitions

/// The end of a study, in which the points that may still be best get new runs.
///
/// It is asked once the search has had its numbers. A round is planned once all trials before it have outcomes, so what is
/// planned is a function of the trials up to the round's horizon and of what is asked for from its first number on.
struct ConfirmPhase: Sendable {
  /// `Origin.kind` of its trials.
  static let originKind = "confirm"

  /// What a definition or an edit asks for.
  struct Stage: Sendable {
    /// The first number that it is in force for.
    var fromTrial: Int
    var terms: ConfirmDefinition
    /// Whether the search ends with it, however much of its budget is left.
    var endsSearch = false
  }

  /// A point that the search has found a value of.
  struct Candidate: Sendable, Hashable {
    /// The number of its first trial.
    var number: Int
    var point: Point
    var value: Double
    /// What decides between equal values; smaller is better.
    var tieBreak: Double?
  }

  private let maximize: Bool
  /// What is not in force yet.
  private var coming: [Stage]
  private var terms = ConfirmDefinition(trials: 0)
  /// The best points of the search; at most twice as many as may be contenders.
  private var candidates: [Candidate] = []
  /// Which trials have outcomes.
  private var finality = HorizonWait(parallelism: 0)
  /// The runs of every point that had some, but of those whose race is on.
  private var earlier: [Point: LeaderRace.Runs] = [:]
  /// How many trials were such runs.
  private var used = 0
  /// Whether a search may still be asked.
  private(set) var endsSearch = false

  /// The contenders, in the order in which they led, and their race; nil before there is one.
  private(set) var contenders: [Candidate] = []
  private(set) var race: LeaderRace?
  private var places: [Point: Int] = [:]
  /// How many runs each of them gets before the first is judged.
  private var atFirst = 0
  private(set) var verdict: LeaderRace.Verdict?
  /// The contender that led before any new run.
  private(set) var firstLeader: Candidate?
  /// What is not numbered yet of the round that was planned last, by places.
  private var pending: [Int] = []
  /// The last number before that round.
  private var horizon = 0
  /// The last round of which a trial is numbered, and the one that was planned last.
  private var (round, planned) = (0, 0)
  /// The outcomes of runs by number, until they are judged; nil inside for one without a value.
  private var arrived: [Int: (point: Point, value: Double?)] = [:]
  /// Through which number everything was judged.
  private var judged: Int?
  /// How often contenders were taken out, or could have been, and from how many runs on they will be again.
  private var (looks, nextLook) = (0, 0)
  /// By how much the runs grow from one such look to the next.
  private static let growth = 1.25
  /// Whether those that are left have changed since they were last taken.
  private var hasNews = false

  /// Begins before the first trial.
  init(_ stages: [Stage], maximize: Bool) {
    coming = stages
    self.maximize = maximize
  }

  /// How many trials of the budget it may still take.
  var trialsLeft: Int { terms.trials - used }

  /// The confidence in force.
  var confidence: Double { terms.confidence }

  /// Whether its runs have begun, or the search has ended for it: no number is the search's any more.
  var hasBegun: Bool { used > 0 || endsSearch }

  // MARK: What happens

  /// A person asks for more.
  mutating func add(_ stage: Stage) { coming.append(stage) }

  /// Puts in force what is asked for from a number on.
  mutating func enter(_ number: Int) {
    while let stage = coming.first, stage.fromTrial <= number {
      coming.removeFirst()
      terms = ConfirmDefinition(trials: terms.trials + stage.terms.trials, confidence: stage.terms.confidence)
      endsSearch = endsSearch || stage.endsSearch
      // The contenders are chosen anew: more runs are for more of them.
      if let race { for (place, one) in contenders.enumerated() { earlier[one.point] = race.runs[place] } }
      (race, verdict, judged, pending) = (nil, nil, nil, [])
    }
  }

  /// A trial has its outcome, as a search sees it.
  mutating func add(_ outcome: ObservedOutcome, of trial: Trial) {
    finality.add(trial.number)
    var value: Double?
    var tieBreak: Double?
    if case .completed(let result, let second) = outcome { (value, tieBreak) = (result, second) }
    if trial.replicate > 0 {
      arrived[trial.number] = (trial.point, value)
    } else if let value {
      candidates.append(Candidate(number: trial.number, point: trial.point, value: value, tieBreak: tieBreak))
      if candidates.count > 2 * LeaderRace.most { forgetTheWorst() }
    }
  }

  /// A number is a run of a point.
  mutating func register(_ suggestion: Suggestion) {
    used += 1
    if case .integer(let number)? = suggestion.origin.facts.first(where: { $0.name == "round" })?.value {
      round = number
    }
    guard let place = places[suggestion.point] else { return }
    if let index = pending.firstIndex(of: place) { pending.remove(at: index) }
    race?.begin(place)
  }

  /// A number goes to a point that a person asked for: the rest of the round is planned anew after it.
  mutating func interrupt() { (pending, judged) = ([], nil) }

  /// Judges the last round and plans the next, once every trial up to `highest` has an outcome.
  mutating func prepare(after highest: Int) {
    enter(highest + 1)
    // The search has gone on since this was planned.
    if used == 0, horizon != highest { (race, verdict, judged, pending) = (nil, nil, nil, []) }
    guard pending.isEmpty, judged != highest, finality.firstOpen(through: highest) == nil else { return }
    (judged, horizon, planned) = (highest, highest, round + 1)
    takeArrived()
    if race == nil { chooseContenders() }
    // Also where a point that a person asked for came between.
    plan(race?.firstRound(atFirst))
    guard pending.isEmpty else { return }
    let isLook = used >= nextLook || trialsLeft <= 0
    if isLook {
      looks += 1
      nextLook = Int((Double(used) * Self.growth).rounded(.up))
    }
    verdict = race?.judge(confidence: terms.confidence, look: isLook ? looks : nil)
    hasNews = hasNews || isLook || verdict != .open
    if verdict == .open { plan(race?.nextRound()) }
  }

  private mutating func plan(_ places: [Int]?) { pending = Array((places ?? []).prefix(max(0, trialsLeft))) }

  /// Adds what has come of runs, in order of number: the order in which they ended must not decide the last bit of a mean.
  private mutating func takeArrived() {
    for (_, run) in arrived.sorted(by: { $0.key < $1.key }) {
      guard let value = run.value else { continue }
      if race != nil, let place = places[run.point] {
        race?.add(value, of: place)
      } else {
        earlier[run.point, default: LeaderRace.Runs()].add(value)
      }
    }
    arrived = [:]
  }

  private mutating func chooseContenders() {
    let chosen = ranked().prefix(LeaderRace.contenders(for: trialsLeft))
    contenders = Array(chosen)
    places = Dictionary(uniqueKeysWithValues: contenders.enumerated().map { ($1.point, $0) })
    race = LeaderRace(contenders.map { earlier[$0.point] ?? LeaderRace.Runs() }, maximize: maximize)
    for one in contenders { earlier[one.point] = nil }
    atFirst = min(LeaderRace.runsAtFirst, max(1, trialsLeft / max(1, contenders.count)))
    if used == 0 { firstLeader = contenders.first }
  }

  /// The candidates, the best mean over all their runs first, as in `best`.
  private func ranked() -> [Candidate] {
    let means = candidates.map { one in
      let runs = earlier[one.point] ?? LeaderRace.Runs()
      return one.value + (runs.mean - one.value) * Double(runs.count) / Double(runs.count + 1)
    }
    let order = candidates.indices.sorted {
      let (one, other) = (candidates[$0], candidates[$1])
      return (maximize ? -means[$0] : means[$0], one.tieBreak ?? .infinity, one.number)
        < (maximize ? -means[$1] : means[$1], other.tieBreak ?? .infinity, other.number)
    }
    return order.map { candidates[$0] }
  }

  private mutating func forgetTheWorst() {
    let best = ranked()
    candidates =
      best.prefix(LeaderRace.most)
      + best.dropFirst(LeaderRace.most).filter { earlier[$0.point] != nil || race != nil && places[$0.point] != nil }
  }

  /// What the next number is; `prepare` was called for the one before.
  func proposal(after highest: Int) -> Proposal {
    if let place = pending.first, let race {
      var origin = Origin(kind: Self.originKind, ["round": .integer(planned)])
      if let leader = race.leader { origin.facts.append(.init("leader", .integer(contenders[leader].number))) }
      return .suggestion(
        Suggestion(
          point: contenders[place].point, replicate: race.runs[place].begun + 1, horizon: horizon, origin: origin))
    }
    if let open = finality.firstOpen(through: highest) { return .awaits(open) }
    return .exhausted(verdict == .one || verdict == .alike ? .confirmed : .undecided)
  }

  /// The points that are left after the last round that was judged, where that is news since the last call.
  mutating func takeNews() -> [Point]? {
    guard hasNews, let race else { return nil }
    hasNews = false
    return race.left.map { contenders[$0].point }
  }
}
