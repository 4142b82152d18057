import SearchSpace

/// Successive halving, once or in the brackets of Hyperband: many configurations get little, the best 1/η of them more.
///
/// A rung is decided when every outcome of it is known, so that all of its trials may run at once. Brackets follow one another,
/// each with the next configurations in a keyed order of its first rung. Only what completed goes on: best value first, then
/// the better tie-break, then the lower number.
struct HalvingSearch: LearningSearch {
  /// The options of both methods.
  static let options = [
    ParameterDescription(
      name: "resource", kind: .parameterName, defaultValue: nil,
      help: "The tuned number whose levels are the rungs; if left out, iterations for built-in models.", tunable: false),
    ParameterDescription(
      name: "eta", kind: .integer(minimum: 2, maximum: 1000), defaultValue: .integer(3),
      help: "Of each rung the best one in this many is promoted to the next.", tunable: false),
  ]

  private let space: ParameterSpace
  private let ladder: RungLadder
  private let eta: Int
  /// The brackets, over and over.
  private let plan: [Bracket]
  /// By first rung: which configurations come next.
  private var starts: [Int: ConfigurationOrder]
  private var log: TrialLog
  /// How many brackets have begun, and how many places of the plan were taken, some of them for nothing.
  private var begun = 0
  private var place = 0
  /// Nil once every configuration has had its turn.
  private var rung: Rung?

  /// Makes a search; `plan` is told the number of rungs, η, and how many configurations there are at most.
  init(_ context: AlgorithmContext, plan: (_ rungs: Int, _ eta: Int, _ configurations: Int) -> [Bracket]) {
    guard case .string(let resource)? = context.options["resource"] else {
      preconditionFailure("a search without a resource was let through")
    }
    if case .integer(let given)? = context.options["eta"] { eta = given } else { eta = 3 }
    space = context.space
    let ladder = RungLadder(context.space, resource: resource, eta: eta)
    self.ladder = ladder
    self.plan = plan(ladder.levels.count, eta, ladder.configurations.gridSize ?? .max)
    starts = Dictionary(
      self.plan.map { ($0.first, ConfigurationOrder(ladder, rung: $0.first, seed: context.seed)) }
    ) { first, _ in first }
    log = TrialLog(maximize: context.maximize)
    rung = nextBracket()
  }

  func propose(_ number: Int) -> Proposal {
    guard let rung else {
      return .exhausted(log.count >= space.gridSize ?? .max ? .spaceExhausted : .rungsDecided)
    }
    if let awaited = rung.awaited, rung.next == nil { return .awaits(awaited) }
    guard let point = rung.next else { preconditionFailure("a rung that is complete was not decided") }
    var origin = Origin(kind: "halving", ["bracket": .integer(rung.bracket), "rung": .integer(rung.step + 1)])
    if let below = promoted(to: point, in: rung) { origin.facts.append(.init("promoted_from", .integer(below))) }
    return .suggestion(Suggestion(point: point, horizon: rung.horizon, origin: origin))
  }

  mutating func register(_ number: Int, _ suggestion: Suggestion) {
    log.register(number, suggestion.point)
    rung?.register(number)
  }

  mutating func admit(_ number: Int, _ point: Point) {
    log.register(number, point)
    rung?.admit(number, point)
    climbOn()
  }

  mutating func observe(_ number: Int, _ outcome: ObservedOutcome) {
    log.observe(number, outcome)
    rung?.observe(number)
    climbOn()
  }

  private mutating func climbOn() {
    while let complete = rung, complete.isComplete { rung = climb(from: complete) ?? nextBracket() }
  }

  /// Where the best of the rung in progress may go on; and from the highest rung, what the next bracket may begin with.
  func likely(_ guess: Int) -> [Point]? {
    guard guess == 0 else { return nil }
    guard let rung else { return [] }
    let above = rung.level + 1
    if above < ladder.levels.count {
      let size = Bracket.size(rung.starts, at: rung.step + 1, eta: eta)
      return rung.best(size, in: log).map { ladder.point(log.point(of: $0), on: above) }.filter(isFresh)
    }
    let bracket = plan[place % plan.count]
    return starts[bracket.first]?.next(bracket.starts, in: log).filter(isFresh) ?? []
  }

  private func isFresh(_ point: Point) -> Bool { log.number(of: point) == nil }

  /// The trial whose outcome brought a point to its rung; nil on the first one.
  private func promoted(to point: Point, in rung: Rung) -> Int? {
    rung.step == 0 ? nil : log.number(of: ladder.point(point, on: rung.level - 1))
  }

  /// The next rung of the same bracket; nil where that is over.
  private func climb(from rung: Rung) -> Rung? {
    let above = rung.level + 1
    guard above < ladder.levels.count else { return nil }
    let best = rung.best(Bracket.size(rung.starts, at: rung.step + 1, eta: eta), in: log)
    if best.isEmpty { return nil }
    return Rung(
      bracket: rung.bracket, first: rung.first, step: rung.step + 1, starts: rung.starts,
      members: best.map { ladder.point(log.point(of: $0), on: above) }, in: log)
  }

  /// The first rung of the next bracket that has configurations left; nil where none has.
  private mutating func nextBracket() -> Rung? {
    for _ in plan.indices {
      let bracket = plan[place % plan.count]
      place += 1
      let members = starts[bracket.first]?.take(bracket.starts, in: log) ?? []
      if members.isEmpty { continue }
      begun += 1
      return Rung(bracket: begun, first: bracket.first, step: 0, starts: members.count, members: members, in: log)
    }
    return nil
  }
}
