import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct SearchTests {
  @Test func aHugeGridStartsAtOnce() {
    let space = ParameterSpace((0..<64).map { levels("p\($0)", 10_000) })
    for description in AlgorithmCatalogue.all {
      let make = AlgorithmContract.maker(description.facts.name, space, true)
      let trials = description.trials(300)
      let rows = simulate(make, workers: 3, trials: trials, shuffle: 1)
      #expect(rows.count == trials)
      if !description.repeatsPoints { #expect(Set(rows.map(\.suggestion.point)).count == trials) }
    }
  }

  @Test func randomDrawsFromRanges() {
    let space = ParameterSpace([
      Parameter(name: "x", domain: .realRange(minimum: 0.1, maximum: 10, scale: .log)),
      Parameter(name: "n", domain: .integerRange(minimum: 1, maximum: 3, scale: .linear)),
    ])
    let make = AlgorithmContract.maker("random", space, true)
    let rows = simulate(make, workers: 1, trials: 200, shuffle: 0)
    #expect(rows == simulate(make, workers: 8, trials: 200, shuffle: 4))
    #expect(Set(rows.map(\.suggestion.point)).count == 200)
    #expect(
      rows != simulate(AlgorithmContract.maker("random", space, true, seed: 8), workers: 1, trials: 200, shuffle: 0))
  }

  @Test func randomDrawsEachOfAFewNumbersOnce() {
    // Three doubles that follow one another.
    let space = ParameterSpace([
      Parameter(name: "x", domain: .realRange(minimum: 1, maximum: 1.0.nextUp.nextUp, scale: .linear)),
      Parameter(name: "c", domain: .categories([.string("u"), .boolean(true)])),
    ])
    let rows = simulate(AlgorithmContract.maker("random", space, true), workers: 2, trials: 100, shuffle: 0)
    #expect(Set(rows.map(\.suggestion.point)).count == rows.count && rows.count >= 4)
  }

  @Test func fingerprintsTellPointsApart() {
    let points = [
      Point(), Point(["a": .integer(1)]), Point(["a": .real(1)]), Point(["a": .boolean(true)]),
      Point(["b": .integer(1)]),
      Point(["a": .string("1")]), Point(["a": .string("1"), "b": .string("")]), Point(["a": .string("é")]),
      Point(["a": .string("e\u{301}")]), Point(["a": .integer(1), "b": .integer(2)]),
      Point(["a": .integer(2), "b": .integer(1)]), Point(["a": .real(0)]), Point(["a": .real(1.0.nextUp)]),
    ]
    #expect(Set(points.map(PointFingerprint.init)).count == points.count)
    #expect(PointFingerprint(Point(["a": .real(-0.0)])) == PointFingerprint(Point(["a": .real(0)])))
  }

  /// A hand-worked descent: a 5 × 5 table with one hill, and the trials that the paper's rule makes on it.
  @Test(arguments: [true, false]) func aDescentOnATable(_ maximize: Bool) throws {
    let space = ParameterSpace([levels("a", 5), levels("b", 5)])
    let hill: (Point) -> ObservedOutcome = { point in
      let a = point["a"]!.number!.squareRoot()
      let b = point["b"]!.number!.squareRoot()
      let height = 10 - (a - 3) * (a - 3) - (b - 1) * (b - 1)
      return .completed(value: maximize ? height : -height)
    }
    let options: [String: ParameterValue] = ["preset": .string("paper"), "restarts": .integer(1)]
    let make = {
      AlgorithmCatalogue.named("approximate_gradient")!.make(
        AlgorithmContext(space: space, seed: 3, maximize: maximize, options: options))
    }
    let rows = simulate(make, workers: 4, trials: 1000, shuffle: 2, objective: hill)
    var algorithm = make()
    var path: [Point] = [rows[0].suggestion.point]
    var known: [Point: Int] = [:]
    var observed = 0
    for (index, row) in rows.enumerated() {
      while observed < row.suggestion.horizon {
        observed += 1
        algorithm.observe(observed, rows[observed - 1].outcome)
      }
      algorithm.register(index + 1, row.suggestion)
      known[row.suggestion.point] = index + 1
    }
    while case .awaits(let number) = algorithm.propose(rows.count + 1) {
      algorithm.observe(number, rows[number - 1].outcome)
    }
    #expect(algorithm.propose(rows.count + 1) == .exhausted(.converged))
    // Walk the rule by hand.
    func value(_ point: Point) -> Double {
      guard case .completed(let value, _) = hill(point) else { return .nan }
      return maximize ? value : -value
    }
    while true {
      let around = space.neighbours(of: path.last!).map(\.point)
      let best = around.reduce(around[0]) { value($1) > value($0) ? $1 : $0 }
      guard value(best) > value(path.last!) else { break }
      path.append(best)
    }
    let descent = try #require((algorithm as? any DescendingSearch)?.descents.first)
    #expect(descent.path == path.map { known[$0]! })
    #expect(descent.stopReason == "local_optimum" && descent.optimum == descent.path.last)
    #expect(path.last == Point(["a": .integer(9), "b": .integer(1)]))
    #expect(Set(rows.map(\.suggestion.point)) == Set(path.flatMap { [$0] + space.neighbours(of: $0).map(\.point) }))
  }

  @Test func anInfeasibleStartMovesToAnyFeasibleNeighbour() throws {
    let space = ParameterSpace([levels("a", 3)])
    for seed in UInt64(0)..<20 {
      var algorithm = AlgorithmCatalogue.named("approximate_gradient")!.make(
        AlgorithmContext(
          space: space, seed: seed, maximize: true, options: ["preset": .string("paper"), "restarts": .integer(1)]))
      var number = 0
      run: while true {
        switch algorithm.propose(number + 1) {
        case .suggestion(let suggestion):
          number += 1
          algorithm.register(number, suggestion)
        case .awaits(let waited): algorithm.observe(waited, waited == 1 ? .infeasible : .completed(value: 1))
        case .exhausted: break run
        }
      }
      let descent = try #require((algorithm as? any DescendingSearch)?.descents.first)
      #expect(descent.path.first == 1 && descent.path.count >= 2 && descent.value == 1)
    }
  }

  @Test func nothingFeasibleEndsADescent() throws {
    let space = ParameterSpace([levels("a", 2)])
    let make = AlgorithmContract.maker("approximate_gradient", space, true, options: AlgorithmContract.paper)
    var algorithm = make()
    for (number, _) in [(1, ()), (2, ())] {
      guard case .suggestion(let suggestion) = algorithm.propose(number) else {
        Issue.record("no suggestion \(number)")
        return
      }
      algorithm.register(number, suggestion)
      if case .awaits(number) = algorithm.propose(number + 1) { algorithm.observe(number, .failed) }
    }
    #expect(algorithm.propose(3) == .exhausted(.spaceExhausted))
    let descents = try #require(algorithm as? any DescendingSearch).descents
    #expect(descents.map(\.stopReason) == ["no_feasible_neighbour"] && descents[0].optimum == nil)
  }

  @Test func aCutPollDecidesNothing() {
    let space = ParameterSpace([levels("a", 9), levels("b", 9)])
    let make = AlgorithmContract.maker("approximate_gradient", space, true, options: AlgorithmContract.paper)
    let whole = simulate(make, workers: 1, trials: 50, shuffle: 0)
    for budget in 1..<50 {
      #expect(simulate(make, workers: 7, trials: budget, shuffle: UInt64(budget)) == Array(whole[..<budget]))
    }
  }

  /// What is likely next has no trial, is no repetition, and is mostly right.
  @Test func whatIsLikelyNext() {
    let space = ParameterSpace([levels("a", 6), levels("b", 5), levels("c", 4)])
    var algorithm = PaperGradient(
      AlgorithmContext(space: space, seed: 3, maximize: true, options: [:]))
    var points: [Point] = []
    var guessed: Set<Point> = []
    var right = 0
    loop: while true {
      switch algorithm.propose(points.count + 1) {
      case .suggestion(let suggestion):
        #expect(algorithm.likely.isEmpty || points.isEmpty == false)
        if guessed.contains(suggestion.point) { right += 1 }
        algorithm.register(points.count + 1, suggestion)
        points.append(suggestion.point)
      case .awaits(let number):
        let likely = algorithm.likely
        #expect(Set(likely).isDisjoint(with: points))
        guessed.formUnion(likely)
        algorithm.observe(number, bumpy(points[number - 1]))
      case .exhausted: break loop
      }
    }
    #expect(points.count == 120 && right > 60, "\(right) of \(points.count)")
  }
}
