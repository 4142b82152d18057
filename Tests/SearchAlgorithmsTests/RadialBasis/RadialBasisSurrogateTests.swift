import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct RadialBasisSurrogateTests {
  private static func rank(_ point: Point, _ name: String) -> Double { point[name]!.number!.squareRoot() }

  private static func valley(_ point: Point) -> ObservedOutcome {
    let (a, b) = (rank(point, "a") - 24, rank(point, "b") - 8)
    return .completed(value: a * a + 2 * b * b)
  }

  private static func make(
    _ space: ParameterSpace, seed: UInt64 = 1, parallelism: Int = 1, budget: Int? = nil
  ) -> HorizonSearch<RadialBasisSurrogate> {
    HorizonSearch(
      AlgorithmContext(space: space, seed: seed, maximize: false, parallelism: parallelism, budget: budget))
  }

  private static let square = ParameterSpace([levels("a", 33), levels("b", 33)])

  /// On a valley of 1,089 points the lowest is found within 60 trials, whatever the seed.
  @Test(arguments: [0, 1, 2, 3] as [UInt64]) func aValleyIsDescended(_ seed: UInt64) {
    let rows = simulate(
      { Self.make(Self.square, seed: seed) }, workers: 1, trials: 60, shuffle: 0, objective: Self.valley)
    #expect(rows.contains { $0.outcome == .completed(value: 0) })
    #expect(rows[..<5].allSatisfy { $0.suggestion.origin.kind == "start" })
    #expect(rows[5...].allSatisfy { $0.suggestion.origin.kind == "surrogate" })
  }

  /// What is said of a step: its centre is the best trial, the weights take turns, and the difference has the metric's sign.
  @Test func theOriginTellsWhy() throws {
    let rows = simulate({ Self.make(Self.square) }, workers: 1, trials: 40, shuffle: 0, objective: Self.valley)
    for (index, row) in rows.enumerated().dropFirst(5) {
      let facts = Dictionary(uniqueKeysWithValues: row.suggestion.origin.facts.map { ($0.name, $0.value) })
      let values = rows[..<index].map { row -> Double in
        guard case .completed(let value, _) = row.outcome else { return .infinity }
        return value
      }
      let least = try #require(values.min())
      #expect(facts["centre"] == .integer(values.firstIndex(of: least)! + 1))
      #expect(facts["weight"] == .real([0.3, 0.5, 0.8, 0.95][index % 4]))
      #expect(try #require(facts["step"]?.number) <= 0.2)
      let distance = try #require(facts["distance"]?.number)
      #expect(distance >= 0.03 && distance < 1.5)
      #expect(try #require(facts["predicted_difference"]?.number?.magnitude) < 1e4)
    }
  }

  /// Steps follow the budget: at its end one parameter at a time is changed.
  @Test func theBudgetIsUsed() {
    let space = ParameterSpace((0..<6).map { levels("p\($0)", 9) })
    func last(_ budget: Int) -> [Int] {
      let rows = simulate({ Self.make(space, budget: budget) }, workers: 1, trials: 40, shuffle: 0) { point in
        .completed(value: point.values.values.reduce(0) { $0 + abs($1.number! - 16) })
      }
      return rows[34...].map { row in
        guard case .integer(let centre)? = row.suggestion.origin.facts.first?.value else { return 0 }
        let best = rows[centre - 1].suggestion.point
        return space.parameters.count { best[$0.name] != row.suggestion.point[$0.name] }
      }
    }
    #expect(last(36).reduce(0, +) < last(10_000).reduce(0, +))
    #expect(last(36).suffix(4) == [1, 1, 1, 1])
  }

  /// The points that are named while an outcome is awaited often hold the one that is asked for then; none has a trial.
  @Test func whatIsLikelyIsOftenAskedFor() {
    var search = Self.make(Self.square)
    var points: [Point] = []
    var guessed: Set<Point> = []
    var right = 0
    while points.count < 60 {
      switch search.propose(points.count + 1) {
      case .suggestion(let suggestion):
        if guessed.contains(suggestion.point) { right += 1 }
        search.register(points.count + 1, suggestion)
        points.append(suggestion.point)
      case .awaits(let number):
        let likely = search.likely
        #expect(!likely.isEmpty && Set(likely).count == likely.count && Set(likely).isDisjoint(with: points))
        guessed = Set(likely)
        search.observe(number, Self.valley(points[number - 1]))
      case .exhausted: return #expect(Bool(false))
      }
    }
    #expect(right > 15, "\(right) of 60")
  }

  /// A search of 1,053 told trials proposes the same after a restart as one that was asked at each of the last trials.
  @Test func aRestartWithManyTrialsContinuesTheSame() {
    let space = ParameterSpace([levels("a", 60), levels("b", 60)])
    let random = RandomSearch(space: space, seed: 3)
    var running = Self.make(space)
    var points = (1...1047).map { random.point($0)! }
    for (index, point) in points.enumerated() {
      running.register(index + 1, Suggestion(point: point, horizon: index, origin: Origin(kind: "random")))
      running.observe(index + 1, Self.valley(point))
    }
    for number in 1048...1053 {
      guard case .suggestion(let suggestion) = running.propose(number) else { return #expect(Bool(false)) }
      running.register(number, suggestion)
      running.observe(number, Self.valley(suggestion.point))
      points.append(suggestion.point)
    }
    var restarted = Self.make(space)
    for (index, point) in points.enumerated() {
      restarted.register(index + 1, Suggestion(point: point, horizon: index, origin: Origin(kind: "random")))
      restarted.observe(index + 1, Self.valley(point))
    }
    #expect(restarted.propose(1054) == running.propose(1054))
  }

  /// Where nothing has a value, or all values are the same, every point still gets its trial.
  @Test(arguments: [ObservedOutcome.failed, .infeasible, .completed(value: 3), .pruned(value: nil, at: nil)])
  func everyPointIsTried(_ outcome: ObservedOutcome) {
    for parallelism in [1, 5] {
      let space = ParameterSpace([levels("a", 30), levels("b", 21), levels("one", 1)])
      let rows = simulate(
        { Self.make(space, parallelism: parallelism, budget: 100) }, workers: 5, trials: 1000, shuffle: 2
      ) { _ in outcome }
      #expect(rows.count == 630 && Set(rows.map(\.suggestion.point)).count == 630)
    }
  }

  /// Values of any size leave a suggestion with figures that can be stored.
  @Test func hugeValuesAreTaken() {
    let rows = simulate({ Self.make(Self.square) }, workers: 2, trials: 40, shuffle: 1) { point in
      .completed(value: (Self.rank(point, "a") - 16) * 1e307)
    }
    #expect(rows.count == 40)
    for fact in rows.flatMap(\.suggestion.origin.facts) { #expect(fact.value.number?.isFinite ?? true) }
  }

  /// Sixty-four parameters of every kind.
  @Test func manyParametersAreTaken() {
    let space = ParameterSpace(
      (0..<64).map { place in
        switch place % 4 {
        case 0: levels("p\(place)", 7)
        case 1: Parameter(name: "p\(place)", domain: .categories((0..<40).map { .integer($0) }))
        case 2: Parameter(name: "p\(place)", domain: .realRange(minimum: 0, maximum: 1, scale: .linear))
        default: Parameter(name: "p\(place)", domain: .categories([.string("x"), .string("y"), .string("z")]))
        }
      })
    let rows = simulate({ Self.make(space) }, workers: 2, trials: 40, shuffle: 1)
    #expect(rows.count == 40 && Set(rows.map(\.suggestion.point)).count == 40)
  }
}
