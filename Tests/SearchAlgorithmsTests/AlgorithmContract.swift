import SearchSpace
import Testing

@testable import SearchAlgorithms

func levels(_ name: String, _ count: Int) -> Parameter {
  Parameter(name: name, domain: .levels((0..<count).map { .integer($0 * $0) }))
}

/// One trial of a simulated study.
struct Row: Equatable {
  var suggestion: Suggestion
  var outcome: ObservedOutcome
}

/// A bumpy objective; some points are infeasible, some fail, and some are pruned.
func bumpy(_ point: Point) -> ObservedOutcome {
  var hash: UInt64 = 1
  for name in point.values.keys.sorted() {
    let bits = point[name]?.number.map { $0.bitPattern } ?? UInt64(truncatingIfNeeded: "\(point[name]!)".utf8.count)
    hash = KeyedGenerator(seed: hash, key: [bits]).integer(at: 0)
  }
  if hash % 13 == 0 { return .infeasible }
  if hash % 17 == 0 { return .failed }
  if hash % 19 == 0 { return .pruned(value: 1, at: 3) }
  return .completed(value: Double(hash % 1000))
}

/// Runs an algorithm with workers that take and return trials in a random order; the runner's rule is kept: an outcome is
/// observed only when it is awaited.
func simulate(
  _ make: () -> any SearchAlgorithm, workers: Int, trials: Int, shuffle: UInt64,
  objective: (Point) -> ObservedOutcome = bumpy
) -> [Row] {
  var algorithm = make()
  var rows: [Row] = []
  var running: [Int] = []
  var known: [Int: ObservedOutcome] = [:]
  let draw = KeyedGenerator(seed: shuffle, key: [])
  var step: UInt64 = 0
  while true {
    step += 1
    let canStart = running.count < workers && rows.count < trials
    if canStart, running.isEmpty || draw.unit(at: step) < 0.6 {
      let first = algorithm.propose(rows.count + 1)
      #expect(first == algorithm.propose(rows.count + 1), "propose has a side effect")
      switch first {
      case .suggestion(let suggestion):
        algorithm.register(rows.count + 1, suggestion)
        rows.append(Row(suggestion: suggestion, outcome: objective(suggestion.point)))
        running.append(rows.count)
        continue
      case .awaits(let number):
        if let outcome = known.removeValue(forKey: number) {
          algorithm.observe(number, outcome)
          continue
        }
        #expect(running.contains(number), "it waits for a trial that does not run")
      case .exhausted: if running.isEmpty { return rows }
      }
    }
    if running.isEmpty { return rows }
    let finished = running.remove(at: Int(draw.integer(below: UInt64(running.count), at: step &* 7)))
    known[finished] = rows[finished - 1].outcome
  }
}

/// What every algorithm of the catalogue must keep.
@Suite struct AlgorithmContract {
  static let spaces = [
    ParameterSpace([levels("a", 5), levels("b", 4), levels("c", 3)]),
    ParameterSpace([
      Parameter(name: "layers", domain: .levels([.integer(1), .integer(2)])), levels("units_1", 3),
      Parameter(
        name: "units_2", domain: .integerRange(minimum: 2, maximum: 4, scale: .linear),
        condition: Condition("layers", .atLeast(2))),
      Parameter(name: "kind", domain: .categories([.string("x"), .string("y"), .string("z")])),
    ]),
  ]

  static let cases = AlgorithmCatalogue.all.map(\.name).flatMap { name in
    (0..<spaces.count).flatMap { space in [true, false].map { (name, space, $0) } }
  }

  static func maker(_ name: String, _ space: ParameterSpace, _ maximize: Bool, seed: UInt64 = 7) -> () ->
    any SearchAlgorithm
  {
    { AlgorithmCatalogue.named(name)!.make(AlgorithmContext(space: space, seed: seed, maximize: maximize)) }
  }

  @Test(arguments: cases) func anyWorkersGiveOneTable(_ name: String, _ space: Int, _ maximize: Bool) {
    let make = Self.maker(name, Self.spaces[space], maximize)
    for trials in [1, 7, 30, 1000] {
      let expected = simulate(make, workers: 1, trials: trials, shuffle: 0)
      #expect(expected.count == min(trials, 60, expected.count))
      for (workers, shuffle) in [(3, 1), (3, 2), (16, 3), (16, 4)] {
        #expect(simulate(make, workers: workers, trials: trials, shuffle: UInt64(shuffle)) == expected)
      }
    }
  }

  @Test(arguments: cases) func noPointTwiceAndHorizonsRise(_ name: String, _ space: Int, _ maximize: Bool) {
    let rows = simulate(Self.maker(name, Self.spaces[space], maximize), workers: 5, trials: 1000, shuffle: 9)
    #expect(Set(rows.map(\.suggestion.point)).count == rows.count)
    #expect(rows.count == Int(Grid(Self.spaces[space])!.count), "the space is used up in the end")
    var before = 0
    for (index, row) in rows.enumerated() {
      #expect(row.suggestion.horizon >= before && row.suggestion.horizon <= index)
      before = row.suggestion.horizon
    }
  }

  @Test(arguments: cases) func nothingBeyondTheHorizonMatters(_ name: String, _ space: Int, _ maximize: Bool) {
    let make = Self.maker(name, Self.spaces[space], maximize)
    let rows = simulate(make, workers: 1, trials: 40, shuffle: 0)
    for number in stride(from: 2, through: rows.count, by: 3) {
      let horizon = rows[number - 1].suggestion.horizon
      let seen = Set(rows[..<horizon].map(\.suggestion.point))
      let changed = simulate(make, workers: 2, trials: number, shuffle: 5) { point in
        seen.contains(point) ? bumpy(point) : .completed(value: maximize ? -1 : 1e6)
      }
      #expect(changed.count >= number && changed[number - 1].suggestion == rows[number - 1].suggestion)
    }
  }

  @Test(arguments: cases) func aRebuildGoesOnTheSame(_ name: String, _ space: Int, _ maximize: Bool) {
    let make = Self.maker(name, Self.spaces[space], maximize)
    let rows = simulate(make, workers: 4, trials: 1000, shuffle: 3)
    for kept in 0..<rows.count {
      var algorithm = make()
      if algorithm.needsHistory {
        var observed = 0
        for (index, row) in rows[..<kept].enumerated() {
          while observed < row.suggestion.horizon {
            observed += 1
            algorithm.observe(observed, rows[observed - 1].outcome)
          }
          algorithm.register(index + 1, row.suggestion)
        }
      } else {
        algorithm.skip(to: kept)
      }
      while case .awaits(let number) = algorithm.propose(kept + 1) {
        algorithm.observe(number, rows[number - 1].outcome)
      }
      #expect(algorithm.propose(kept + 1) == .suggestion(rows[kept].suggestion))
    }
  }

  @Test func theCatalogueIsWhole() {
    #expect(AlgorithmCatalogue.all.map(\.name) == ["grid", "random", "approximate_gradient"])
    for description in AlgorithmCatalogue.all {
      #expect(!description.summary.isEmpty && !description.citation.isEmpty && description.version > 0)
    }
  }
}
