import SearchSpace
import Testing

@testable import SearchAlgorithms

/// Successive halving and Hyperband: their papers' rungs, and who goes on.
@Suite struct HalvingTests {
  static let methods = ["successive_halving", "hyperband"]

  /// Configurations `a` with `resource` of some levels.
  static func space(_ resource: [Int], configurations: Int) -> ParameterSpace {
    ParameterSpace([
      Parameter(name: "steps", domain: .levels(resource.map { .integer($0) })),
      Parameter(name: "a", domain: .integerRange(minimum: 1, maximum: configurations, scale: .linear)),
    ])
  }

  static func maker(
    _ name: String, _ space: ParameterSpace, eta: Int = 3, budget: Int? = nil, maximize: Bool = true
  ) -> () -> any SearchAlgorithm {
    let context = AlgorithmContext(
      space: space, seed: 5, maximize: maximize, options: ["resource": .string("steps"), "eta": .integer(eta)],
      budget: budget)
    return { AlgorithmCatalogue.named(name)!.make(context) }
  }

  static func fact(_ name: String, of row: Row) -> Int? {
    row.suggestion.origin.facts.first { $0.name == name }.flatMap {
      if case .integer(let value) = $0.value { value } else { nil }
    }
  }

  /// How many trials each bracket has on each of its rungs.
  static func sizes(_ rows: [Row]) -> [[Int]] {
    var sizes: [[Int]] = []
    for row in rows {
      let (bracket, rung) = (fact("bracket", of: row)!, fact("rung", of: row)!)
      while sizes.count < bracket { sizes.append([]) }
      while sizes[bracket - 1].count < rung { sizes[bracket - 1].append(0) }
      sizes[bracket - 1][rung - 1] += 1
    }
    return sizes
  }

  /// Table 1 of Li et al. 2018: R = 81, η = 3.
  @Test func hyperbandsTable() {
    let space = Self.space([1, 3, 9, 27, 81], configurations: 1_000_000)
    for budget in [nil, 187, 200] {
      let rows = simulate(Self.maker("hyperband", space, budget: budget), workers: 7, trials: 187, shuffle: 1) {
        .completed(value: $0["a"]!.number!)
      }
      #expect(Self.sizes(rows) == [[81, 27, 9, 3, 1], [27, 9, 3, 1], [9, 3, 1], [6, 2], [5]])
      // Of each bracket the rungs are the upper ones.
      let firsts = [1, 3, 9, 27, 81]
      for row in rows where Self.fact("rung", of: row) == 1 {
        #expect(row.suggestion.point["steps"] == .integer(firsts[Self.fact("bracket", of: row)! - 1]))
      }
    }
  }

  /// Jamieson and Talwalkar 2016, η = 2: half of what is left goes on, log₂ n times.
  @Test func halves() {
    let space = Self.space([1, 2, 4, 8, 16], configurations: 1000)
    let make = Self.maker("successive_halving", space, eta: 2, budget: 31)
    let rows = simulate(make, workers: 3, trials: 31, shuffle: 1) { .completed(value: $0["a"]!.number!) }
    #expect(Self.sizes(rows) == [[16, 8, 4, 2, 1]])
    // The one that is left is the best of the sixteen.
    #expect(
      rows[30].suggestion.point["a"] == rows[..<16].map(\.suggestion.point["a"]).max { $0!.number! < $1!.number! })
  }

  /// Each rung has exactly those that a plain sort of the rung below puts first.
  private func check(_ rows: [Row], eta: Int, maximize: Bool, comment: Comment) {
    var start = 0
    while start < rows.count {
      let (bracket, rung) = (Self.fact("bracket", of: rows[start]), Self.fact("rung", of: rows[start])!)
      let end =
        rows[start...].firstIndex { Self.fact("bracket", of: $0) != bracket || Self.fact("rung", of: $0) != rung }
        ?? rows.count
      #expect(rows[start..<end].allSatisfy { $0.suggestion.horizon == start }, comment)
      if rung > 1 {
        let from = rows[start..<end].map { Self.fact("promoted_from", of: $0)! }
        let below = rows[..<start].indices.filter {
          Self.fact("bracket", of: rows[$0]) == bracket && Self.fact("rung", of: rows[$0]) == rung - 1
        }
        let starts = rows.count { Self.fact("bracket", of: $0) == bracket && Self.fact("rung", of: $0) == 1 }
        var size = starts
        for _ in 1..<rung { size /= eta }
        var ranks: [(value: Double, tie: Double, number: Int)] = []
        for index in below {
          guard case .completed(let value, let tie) = rows[index].outcome else { continue }
          ranks.append((maximize ? -value : value, tie ?? .infinity, index + 1))
        }
        let wanted = ranks.sorted { $0 < $1 }.prefix(max(1, size)).map(\.number)
        #expect(from == wanted, comment)
        for (number, row) in zip(from, rows[start..<end]) {
          var point = row.suggestion.point
          point["steps"] = rows[number - 1].suggestion.point["steps"]
          #expect(point == rows[number - 1].suggestion.point, comment)
        }
      }
      start = end
    }
  }

  /// Every way in which four points can end: failed, or with one of two values, the better one with either tie-break.
  @Test(arguments: methods) func everyOutcomeOfFourPoints(_ method: String) {
    let space = Self.space([1, 2, 3], configurations: 4)
    let outcomes: [ObservedOutcome] = [
      .failed, .completed(value: 0), .completed(value: 1, tieBreak: 2), .completed(value: 1, tieBreak: 1),
    ]
    for code in 0..<256 {
      for maximize in [true, false] {
        let make = Self.maker(method, space, eta: 2, budget: method == "hyperband" ? nil : 7, maximize: maximize)
        let rows = simulate(make, workers: 2, trials: 100, shuffle: UInt64(code)) { point in
          outcomes[code >> (2 * (Int(point["a"]!.number!) - 1)) & 3]
        }
        #expect(Set(rows.map(\.suggestion.point)).count == rows.count)
        // Brackets of Hyperband meet each other's points here, which have no row of their own then.
        if method == "successive_halving" {
          check(rows, eta: 2, maximize: maximize, comment: "\(code)")
          #expect(rows.count == (code == 0 ? 4 : 4 + min(2, completed(code)) + 1))
        } else {
          #expect(rows.count == 12, "no point is left out in the end")
        }
      }
    }
  }

  private func completed(_ code: Int) -> Int { (0..<4).count { code >> (2 * $0) & 3 != 0 } }

  @Test(arguments: methods) func bumpyRuns(_ method: String) {
    let space = Self.space([10, 20, 30, 40], configurations: 1_000_000)
    for maximize in [true, false] {
      for budget in [nil, 5, 60, 300] {
        let rows = simulate(
          Self.maker(method, space, budget: budget, maximize: maximize), workers: 5, trials: budget ?? 400, shuffle: 2)
        check(rows, eta: 3, maximize: maximize, comment: "\(String(describing: budget))")
      }
    }
  }

  /// Whatever the budget, a pass fits it, and one point gets all.
  @Test func everyBudget() {
    for rungs in 1...5 {
      for budget in 1...400 {
        let halving = Bracket.successiveHalving(rungs: rungs, eta: 3, configurations: 1000, budget: budget)
        #expect(halving.trials(rungs: rungs, eta: 3) <= budget)
        var more = halving
        more.starts += 1
        #expect(more.trials(rungs: rungs, eta: 3) > budget)
        #expect(halving.starts >= Bracket.size(3 * halving.starts, at: rungs - halving.first, eta: 3))
        let pass = Bracket.hyperband(rungs: rungs, eta: 3, configurations: 1000, budget: budget)
        #expect(pass.reduce(0) { $0 + $1.trials(rungs: rungs, eta: 3) } <= budget)
        #expect(pass.map(\.first) == Array(rungs - pass.count..<rungs))
      }
    }
    // Neither huge numbers nor few configurations make a bracket that cannot be kept or filled.
    let huge = Bracket.successiveHalving(rungs: 10, eta: 1000, configurations: .max, budget: .max)
    #expect(huge.starts == Bracket.mostStarts && huge.first == 8)
    #expect(Bracket.hyperband(rungs: 10, eta: 1000, configurations: .max, budget: .max).map(\.first) == [8, 9])
    #expect(
      Bracket.successiveHalving(rungs: 5, eta: 3, configurations: 12, budget: 100) == Bracket(first: 2, starts: 12))
    #expect(Bracket.hyperband(rungs: 3, eta: 3, configurations: 1, budget: 100) == [Bracket(first: 2, starts: 1)])
  }

  @Test func rungsOfRanges() {
    func rungs(_ domain: Parameter.Domain, eta: Int = 3) -> [Double] {
      RungLadder(ParameterSpace([Parameter(name: "steps", domain: domain)]), resource: "steps", eta: eta).levels.map {
        $0.number!
      }
    }
    #expect(rungs(.integerRange(minimum: 1, maximum: 10, scale: .linear)) == (1...10).map(Double.init))
    #expect(rungs(.integerRange(minimum: 1, maximum: 81, scale: .linear)) == [1, 3, 9, 27, 81])
    #expect(rungs(.integerRange(minimum: 100, maximum: 2000, scale: .log)) == [223, 667, 2000])
    #expect(rungs(.integerRange(minimum: 1, maximum: 1024, scale: .linear), eta: 2).count == 11)
    #expect(rungs(.integerRange(minimum: 0, maximum: 100, scale: .linear), eta: 10) == [1, 10, 100])
    #expect(rungs(.integerRange(minimum: -100, maximum: -1, scale: .linear)) == (-10...(-1)).map(Double.init))
    #expect(rungs(.levels((0..<40).map { .real(Double($0) / 8) })) == [0.125, 0.25, 0.625, 1.625, 4.875])
  }

  @Test func itsEnds() {
    let completed: (Point) -> ObservedOutcome = { .completed(value: $0["a"]!.number!) }
    func end(_ method: String, _ space: ParameterSpace, _ outcome: @escaping (Point) -> ObservedOutcome) -> (
      Int, Proposal
    ) {
      let make = Self.maker(method, space)
      let rows = simulate(make, workers: 3, trials: 10_000, shuffle: 4, objective: outcome)
      var algorithm = make()
      var seen = 0
      for number in 1...rows.count + 1 {
        while case .awaits(let awaited) = algorithm.propose(number) {
          algorithm.observe(awaited, rows[awaited - 1].outcome)
          seen += 1
        }
        if number <= rows.count { algorithm.register(number, rows[number - 1].suggestion) }
      }
      #expect(seen == rows.count)
      return (rows.count, algorithm.propose(rows.count + 1))
    }
    // Brackets of nine points, and one of what is left: 9 + 3 + 1, 9 + 3 + 1, 2 + 1 + 1.
    #expect(
      end("successive_halving", Self.space([1, 2, 3], configurations: 20), completed) == (30, .exhausted(.rungsDecided))
    )
    #expect(
      end("hyperband", Self.space([1, 2, 3], configurations: 20), completed) == (60, .exhausted(.spaceExhausted)))
    for outcome in [ObservedOutcome.failed, .infeasible, .pruned(value: 1, at: 1)] {
      #expect(
        end("successive_halving", Self.space([1, 2, 3], configurations: 20)) { _ in outcome }
          == (20, .exhausted(.rungsDecided)))
      #expect(
        end("hyperband", Self.space([1, 2, 3], configurations: 20)) { _ in outcome } == (
          60, .exhausted(.spaceExhausted)
        ))
    }
    for method in Self.methods {
      // One configuration, which gets all at once.
      let single = ParameterSpace([levels("steps", 4)])
      #expect(end(method, single) { _ in .completed(value: 1) } == (1, .exhausted(.rungsDecided)))
    }
  }

  /// While a rung is waited for, idle workers try what may go on, and from the highest rung what comes next.
  @Test func whatIsLikely() throws {
    let space = Self.space([1, 2], configurations: 100)
    var algorithm = try #require(Self.maker("successive_halving", space, eta: 2, budget: 3)() as? any LearningSearch)
    var points: [Point] = []
    func register() {
      guard case .suggestion(let suggestion) = algorithm.propose(points.count + 1) else { return }
      points.append(suggestion.point)
      algorithm.register(points.count, suggestion)
    }
    register()
    register()
    #expect(algorithm.propose(3) == .awaits(1) && algorithm.likely.isEmpty)
    algorithm.observe(1, .completed(value: 1))
    var above = points[0]
    above["steps"] = .integer(2)
    #expect(algorithm.likely == [above])
    algorithm.observe(2, .failed)
    register()
    #expect(points[2] == above && algorithm.propose(4) == .awaits(3))
    let likely = algorithm.likely
    algorithm.observe(3, .failed)
    register()
    register()
    #expect(likely == [points[3], points[4]])
  }
}
