import SearchSpace
import Testing

@testable import SearchAlgorithms

/// How the adaptive form's runs go and end.
@Suite struct RunTests {
  static let complete: [String: ParameterValue] = ["poll": .string("complete")]

  /// A toy landscape.
  struct Landscape: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var outcome: @Sendable (Point) -> ObservedOutcome

    static func of(_ name: String, _ height: @escaping @Sendable ([Double]) -> Double) -> Landscape {
      Landscape(testDescription: name) { point in
        .completed(value: height(point.values.sorted { $0.key < $1.key }.compactMap { $0.value.number?.squareRoot() }))
      }
    }
  }

  static let landscapes = [
    Landscape(testDescription: "bumpy", outcome: bumpy),
    Landscape.of("bowl") { $0.reduce(0) { $0 + ($1 - 1.4) * ($1 - 1.4) } },
    Landscape.of("two valleys") { x in
      min(x.reduce(0) { $0 + $1 * $1 }, 0.5 + x.reduce(0) { $0 + ($1 - 4) * ($1 - 4) })
    },
    Landscape.of("steps") { ($0.reduce(0, +) / 3).rounded(.down) },
    Landscape.of("flat") { _ in 1 },
    Landscape.of("ridge") { x in 10 * abs(x[0] - x[1]) + x.reduce(0, +) },
    Landscape.of("needle") { x in x.allSatisfy { $0 == 2 } ? -1 : 0 },
    Landscape(testDescription: "mostly infeasible") { point in
      point.values.values.contains { $0 == .integer(1) || $0 == .integer(9) } ? .infeasible : bumpy(point)
    },
  ]

  static let spaces = [
    ParameterSpace([levels("a", 6), levels("b", 5)]),
    ParameterSpace([levels("a", 4), levels("b", 3), levels("c", 5)]),
    ParameterSpace([
      levels("a", 5), levels("b", 2),
      Parameter(name: "c", domain: .categories([.integer(0), .integer(1), .integer(4), .integer(9)])),
    ]),
  ]

  /// Runs a search until it has nothing more; gives it back with the table.
  static func finish(
    _ space: ParameterSpace, _ options: [String: ParameterValue], seed: UInt64 = 1, parallelism: Int = 1,
    maximize: Bool = false, objective: (Point) -> ObservedOutcome
  ) -> (search: HorizonSearch<AdaptiveGradient>, rows: [Row], reason: Exhaustion?) {
    var search = HorizonSearch<AdaptiveGradient>(
      AlgorithmContext(space: space, seed: seed, maximize: maximize, options: options, parallelism: parallelism))
    var rows: [Row] = []
    while true {
      switch search.propose(rows.count + 1) {
      case .suggestion(let suggestion):
        search.register(rows.count + 1, suggestion)
        rows.append(Row(suggestion: suggestion, outcome: objective(suggestion.point)))
      case .awaits(let number): search.observe(number, rows[number - 1].outcome)
      case .exhausted(let reason):
        while search.log.told < rows.count { search.observe(search.log.told + 1, rows[search.log.told].outcome) }
        return (search, rows, reason)
      }
    }
  }

  private static func loss(_ outcome: ObservedOutcome) -> Double? {
    if case .completed(let value, _) = outcome { value } else { nil }
  }

  @Test(arguments: landscapes, spaces)
  func everyCompletePollEndsWhereNoNeighbourIsBetter(_ landscape: Landscape, _ space: ParameterSpace) throws {
    for seed in UInt64(0)..<6 {
      let (search, rows, reason) = Self.finish(space, Self.complete, seed: seed, objective: landscape.outcome)
      #expect(reason == .spaceExhausted && rows.count == space.gridSize)
      #expect(Set(rows.map(\.suggestion.point)).count == rows.count, "a point twice")
      let outcomes = Dictionary(rows.map { ($0.suggestion.point, $0.outcome) }) { first, _ in first }
      var before = 0
      for descent in search.descents {
        #expect(descent.restart == before + 1)
        before += 1
        guard let optimum = descent.optimum else {
          #expect(descent.stopReason == "no_feasible_point")
          continue
        }
        #expect(descent.stopReason == "local_optimum")
        let row = rows[optimum - 1]
        let own = try #require(Self.loss(row.outcome))
        #expect(descent.value == own && descent.path.last == optimum)
        for neighbour in space.neighbours(of: row.suggestion.point) {
          let other = try Self.loss(#require(outcomes[neighbour.point]))
          #expect(!(other ?? .infinity < own), "trial \(optimum) has a better neighbour")
        }
        let values = descent.path.map { Self.loss(rows[$0 - 1].outcome) ?? .nan }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 }, "a path never climbs")
      }
    }
  }

  /// With several trials at once a run may end before all is known; what the list says of it holds all the same.
  @Test(arguments: landscapes) func aLocalOptimumIsOneWithAnyParallelism(_ landscape: Landscape) throws {
    let space = Self.spaces[1]
    for (parallelism, poll) in [(3, "complete"), (16, "complete"), (1, "partial"), (4, "partial")] {
      let (search, rows, reason) = Self.finish(
        space, ["poll": .string(poll)], parallelism: parallelism, objective: landscape.outcome)
      #expect(reason == .spaceExhausted && Set(rows.map(\.suggestion.point)).count == space.gridSize)
      let outcomes = Dictionary(rows.map { ($0.suggestion.point, $0.outcome) }) { first, _ in first }
      for descent in search.descents where descent.stopReason == "local_optimum" {
        let row = try rows[#require(descent.optimum) - 1]
        let own = try #require(Self.loss(row.outcome))
        for neighbour in space.neighbours(of: row.suggestion.point) {
          #expect(!(outcomes[neighbour.point].flatMap(Self.loss) ?? .infinity < own))
        }
      }
      #expect(search.descents.allSatisfy { $0.stopReason != nil })
    }
  }

  @Test func spacesOfOnePointAndOneLevelEnd() {
    let one = ParameterSpace([levels("a", 1), levels("b", 1)])
    for outcome: ObservedOutcome in [.completed(value: 3), .infeasible, .failed, .pruned(value: 2, at: 1)] {
      let (search, rows, reason) = Self.finish(one, [:]) { _ in outcome }
      #expect(rows.count == 1 && reason == .spaceExhausted)
      #expect(search.descents.count == 1)
      #expect(search.descents[0].stopReason == (Self.loss(outcome) == nil ? "no_feasible_point" : "local_optimum"))
    }
    let line = ParameterSpace([levels("a", 9), levels("b", 1)])
    let (search, rows, reason) = Self.finish(line, Self.complete, objective: bumpy)
    #expect(rows.count == 9 && reason == .spaceExhausted)
    #expect(search.descents.allSatisfy { $0.stopReason != nil })
  }

  @Test(arguments: [.infeasible, .failed, .pruned(value: 1, at: 2)] as [ObservedOutcome])
  func aSpaceWithoutAValueIsUsedUp(_ outcome: ObservedOutcome) {
    let (search, rows, reason) = Self.finish(Self.spaces[1], [:]) { _ in outcome }
    #expect(rows.count == 60 && reason == .spaceExhausted)
    #expect(search.descents.map(\.stopReason) == ["no_feasible_point"] && search.descents[0].optimum == nil)
  }

  @Test(arguments: ["complete", "partial"]) func restartsEndTheSearch(_ poll: String) {
    let space = ParameterSpace([levels("a", 30), levels("b", 30)])
    let bowl = Self.landscapes[1].outcome
    for restarts in [1, 3] {
      let (search, rows, reason) = Self.finish(
        space, ["poll": .string(poll), "restarts": .integer(restarts)], objective: bowl)
      #expect(reason == .converged && rows.count < 900 && search.descents.count == restarts)
      #expect(search.descents.allSatisfy { $0.stopReason != nil })
      #expect(search.descents[0].value.map { $0 < 1 } == true, "a bowl is not missed")
    }
  }

  @Test func aSearchOverRangesRefines() throws {
    let space = ParameterSpace([
      Parameter(name: "x", domain: .realRange(minimum: -2, maximum: 3, scale: .linear)),
      Parameter(name: "y", domain: .realRange(minimum: 1e-4, maximum: 1, scale: .log)),
    ])
    let make = AlgorithmContract.maker("approximate_gradient", space, false)
    let rows = simulate(make, workers: 1, trials: 100, shuffle: 0) { point in
      let (x, y) = (point["x"]!.number!, PlainMath.log(point["y"]!.number!) + 3)
      return .completed(value: (x - 0.37) * (x - 0.37) + 0.3 * y * y)
    }
    let best = rows.compactMap { Self.loss($0.outcome) }.min()
    #expect(try #require(best) < 1e-4)
    #expect(Set(rows.map(\.suggestion.point)).count == 100)
  }

  @Test func originsTellWhy() throws {
    let (_, rows, _) = Self.finish(Self.spaces[2], [:], maximize: true, objective: bumpy)
    let starts = rows.filter { $0.suggestion.origin.kind == "start" }
    let steps = rows.filter { $0.suggestion.origin.kind == "model_step" }
    #expect(starts.count + steps.count == rows.count && starts.count >= 5 && steps.count > 20)
    for row in steps {
      let facts = Dictionary(uniqueKeysWithValues: row.suggestion.origin.facts.map { ($0.name, $0.value) })
      let centre = try #require(facts["centre"]?.number)
      #expect(Self.loss(rows[Int(centre) - 1].outcome) != nil)
      #expect(try #require(facts["uncertainty"]?.number) > 0 && facts["predicted_difference"]?.number != nil)
      #expect(try #require(facts["step"]?.number) <= 0.4 && facts["gradient"] != nil)
      guard case .string(let axes)? = facts["axes"] else { return #expect(Bool(false), "no axes") }
      let moved = rows[Int(centre) - 1].suggestion.point.values.filter { row.suggestion.point[$0.key] != $0.value }
      #expect(Set(axes.split(separator: ",").map { String($0.prefix(1)) }) == Set(moved.keys))
    }
  }

  /// Options change what is tried, and each keeps the rest: no point twice, the same table every time.
  @Test(
    arguments: [
      ["gradient": .string("linear_interpolation")], ["gradient": .string("finite_difference")],
      ["edges": .string("wrap")], ["start": .string("uniform")], ["step": .real(1)], ["poll": .string("complete")],
    ] as [[String: ParameterValue]])
  func everyOptionIsASearch(_ options: [String: ParameterValue]) {
    let large = ParameterSpace(["a", "b", "c", "d"].map { levels($0, 7) })
    for space in AlgorithmContract.spaces + [large] {
      let make = AlgorithmContract.maker("approximate_gradient", space, true, options: options)
      let rows = simulate(make, workers: 1, trials: 100, shuffle: 0)
      #expect(rows == simulate(make, workers: 4, trials: 100, shuffle: 2))
      #expect(Set(rows.map(\.suggestion.point)).count == min(100, space.gridSize ?? 100))
      let usual = AlgorithmContract.maker("approximate_gradient", space, true)
      // What a small space has is soon the same, whatever the option.
      if space == large { #expect(rows != simulate(usual, workers: 1, trials: 100, shuffle: 0)) }
    }
  }
}
