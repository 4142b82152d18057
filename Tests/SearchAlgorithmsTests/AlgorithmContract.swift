import Foundation
import SearchSpace
import Testing

@testable import SearchAlgorithms

func levels(_ name: String, _ count: Int) -> Parameter {
  Parameter(name: name, domain: .levels((0..<count).map { .integer($0 * $0) }))
}

/// The options that an algorithm cannot do without over a space; nil where the space has nothing that they could name.
func neededOptions(_ facts: AlgorithmFacts, over space: ParameterSpace) -> [String: ParameterValue]? {
  guard let option = facts.options.first(where: { $0.kind == .parameterName }) else { return [:] }
  let parameter = space.parameters.first { space.fault(ofResource: $0.name) == nil }
  return parameter.map { [option.name: .string($0.name)] }
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

/// Runs an algorithm with workers that take and return trials in a random order. As in a study, an outcome is observed
/// only when it is awaited.
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

extension AlgorithmDescription {
  /// As many trials as a test makes; `fewer` of a search that computes for long.
  func trials(_ most: Int, fewer: Int = 30) -> Int { facts.name == "gaussian_process" ? min(most, fewer) : most }
}

/// One algorithm over one space.
struct ContractCase: Sendable, CustomTestStringConvertible {
  var description: AlgorithmDescription
  /// The options that choose a form; none for the usual one.
  var options: [String: ParameterValue] = [:]
  var place: Int
  var maximize: Bool

  var testDescription: String {
    let form = description.facts.form(of: options).map { " \($0.value)" } ?? ""
    return "\(description.facts.name)\(form), space \(place), \(maximize ? "maximize" : "minimize")"
  }
  var space: ParameterSpace { AlgorithmContract.spaces[place] }
  /// How many points there are; nil where a range has no grid.
  var size: Int? { space.gridSize }

  func make() -> any SearchAlgorithm {
    var all = neededOptions(description.facts, over: space) ?? [:]
    all.merge(options) { $1 }
    return description.make(
      AlgorithmContext(space: space, seed: 7, maximize: maximize, options: all, parallelism: 4, budget: 200))
  }
}

/// What every algorithm of the catalogue must keep.
@Suite struct AlgorithmContract {
  static let spaces = [
    ParameterSpace([levels("a", 5), levels("b", 4), levels("c", 3)]),
    ParameterSpace([
      Parameter(name: "layers", domain: .levels([.integer(1), .integer(2)]), isStructural: true), levels("units_1", 3),
      Parameter(
        name: "units_2", domain: .integerRange(minimum: 2, maximum: 4, scale: .linear),
        condition: Condition("layers", .atLeast(2))),
      Parameter(name: "kind", domain: .categories([.string("x"), .string("y"), .string("z")])),
    ]),
    // A tree of conditions.
    ParameterSpace([
      Parameter(name: "optimizer", domain: .categories([.string("plain"), .string("heavy_ball"), .string("adam")])),
      Parameter(
        name: "momentum", domain: .levels([.real(0), .real(0.5), .real(0.9)]),
        condition: Condition("optimizer", .oneOf([.string("heavy_ball")]))),
      Parameter(
        name: "nesterov", domain: .categories([.boolean(true), .boolean(false)]),
        condition: Condition("momentum", .atLeast(0.5))),
      levels("batch", 6),
    ]),
    // Ranges without a grid, one of them under a condition.
    ParameterSpace([
      Parameter(name: "rate", domain: .realRange(minimum: 1e-4, maximum: 1, scale: .log)), levels("depth", 3),
      Parameter(
        name: "dropout", domain: .realRange(minimum: 0, maximum: 0.9, scale: .linear),
        condition: Condition("depth", .atLeast(1))),
    ]),
    // Ranges without a grid beside one parameter that has one.
    ParameterSpace([
      Parameter(name: "rate", domain: .realRange(minimum: 1e-4, maximum: 1, scale: .log)), levels("steps", 5),
    ]),
  ]

  static let cases = AlgorithmCatalogue.all.flatMap { description in
    ([[:]] + description.facts.forms.map { [$0.option: .string($0.value)] }).flatMap {
      (options: [String: ParameterValue]) in
      let needsGrid = description.facts.chosen(by: options).needsGrid
      return spaces.indices.filter {
        (!needsGrid || spaces[$0].gridSize != nil) && neededOptions(description.facts, over: spaces[$0]) != nil
      }.flatMap { place in
        [true, false].map {
          ContractCase(description: description, options: options, place: place, maximize: $0)
        }
      }
    }
  }

  static func maker(
    _ name: String, _ space: ParameterSpace, _ maximize: Bool, seed: UInt64 = 7,
    options: [String: ParameterValue] = [:]
  ) -> () -> any SearchAlgorithm {
    let description = AlgorithmCatalogue.named(name)!
    let all = (neededOptions(description.facts, over: space) ?? [:]).merging(options) { $1 }
    return {
      description.make(AlgorithmContext(space: space, seed: seed, maximize: maximize, options: all))
    }
  }

  /// The options of the paper's form.
  static let paper: [String: ParameterValue] = ["preset": .string("paper")]

  @Test(arguments: cases) func anyWorkersGiveOneTable(_ example: ContractCase) {
    for trials in [1, 7, 30, example.description.trials(200)] {
      let expected = simulate(example.make, workers: 1, trials: trials, shuffle: 0)
      if example.description.coversSpace { #expect(expected.count == min(trials, example.size ?? trials)) }
      for (workers, shuffle) in [(3, 1), (3, 2), (16, 3), (16, 4)] {
        #expect(simulate(example.make, workers: workers, trials: trials, shuffle: UInt64(shuffle)) == expected)
      }
    }
  }

  @Test(arguments: cases) func pointsAreOfTheSpaceAndHorizonsRise(_ example: ContractCase) {
    let rows = simulate(example.make, workers: 5, trials: example.description.trials(200, fewer: 70), shuffle: 9)
    let points = rows.map(\.suggestion.point)
    if !example.description.repeatsPoints { #expect(Set(points).count == points.count) }
    if let grid = Grid(example.space) {
      #expect(points.allSatisfy { grid.index(of: $0) != nil })
      if example.description.coversSpace {
        #expect(Set(points).count == example.size, "the space is used up in the end")
      }
    }
    var before = 0
    for (index, row) in rows.enumerated() {
      #expect(row.suggestion.horizon >= before && row.suggestion.horizon <= index)
      before = row.suggestion.horizon
    }
  }

  @Test(arguments: cases) func nothingBeyondTheHorizonMatters(_ example: ContractCase) {
    let rows = simulate(example.make, workers: 1, trials: 40, shuffle: 0)
    for number in stride(from: 2, through: rows.count, by: 3) {
      let horizon = rows[number - 1].suggestion.horizon
      let seen = Set(rows[..<horizon].map(\.suggestion.point))
      let changed = simulate(example.make, workers: 2, trials: number, shuffle: 5) { point in
        seen.contains(point) ? bumpy(point) : .completed(value: example.maximize ? -1 : 1e6)
      }
      #expect(changed.count >= number && changed[number - 1].suggestion == rows[number - 1].suggestion)
    }
  }

  @Test(arguments: cases) func aRebuildContinuesTheSame(_ example: ContractCase) {
    let rows = simulate(example.make, workers: 4, trials: example.description.trials(100), shuffle: 3)
    for kept in 0..<rows.count {
      var algorithm = example.make()
      if algorithm.needsHistory {
        var observed = 0
        for (index, row) in rows[..<kept].enumerated() {
          while observed < row.suggestion.horizon {
            observed += 1
            algorithm.observe(observed, rows[observed - 1].outcome)
          }
          algorithm.register(index + 1, row.suggestion)
        }
      }
      while case .awaits(let number) = algorithm.propose(kept + 1) {
        algorithm.observe(number, rows[number - 1].outcome)
      }
      #expect(algorithm.propose(kept + 1) == .suggestion(rows[kept].suggestion))
    }
  }

  /// What a search tells of a step can be stored and shown as it is.
  @Test(arguments: cases) func originsAreNamed(_ example: ContractCase) {
    for row in simulate(example.make, workers: 3, trials: 60, shuffle: 1) {
      let origin = row.suggestion.origin
      let names = [origin.kind] + origin.facts.map(\.name)
      #expect(names.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 == 95 || (97...122).contains($0) } })
      #expect(Set(names + ["kind"]).count == names.count + 1, "kind is a name of its own, and no name is there twice")
    }
  }

  /// A search counts or learns, never both.
  @Test(arguments: cases) func itCountsOrLearns(_ example: ContractCase) {
    let algorithm = example.make()
    #expect((algorithm is any CountedSearch) != (algorithm is any LearningSearch))
    #expect(algorithm.needsHistory == (algorithm is any LearningSearch))
  }

  /// Each algorithm has a row in the documents, and its own entry in the catalogue.
  @Test func theCatalogueIsWhole() throws {
    #expect(Set(AlgorithmCatalogue.all.map(\.facts.name)).count == AlgorithmCatalogue.all.count)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let document = try String(contentsOf: root.appendingPathComponent("docs/study-definition.md"), encoding: .utf8)
    for facts in AlgorithmCatalogue.all.map(\.facts) {
      #expect(!facts.summary.isEmpty && !facts.citation.isEmpty && facts.version > 0)
      #expect(facts.options.allSatisfy { !$0.help.isEmpty && !$0.tunable })
      #expect(document.contains("\n| `\(facts.name)` | "), "docs/study-definition.md has no row for \(facts.name)")
      for option in facts.options { #expect(document.contains("`\(option.name)`")) }
    }
  }

  /// Each algorithm, and each form of it, has its picture in `docs/search.md`; `scripts/draw-searches` draws them.
  @Test func everyAlgorithmHasItsPicture() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/search.md"), encoding: .utf8)
    let pictures = AlgorithmCatalogue.all.map(\.facts).flatMap { facts in
      [facts.name] + facts.forms.map { "\(facts.name)-\($0.value)" }
    }
    for picture in pictures {
      let file = root.appendingPathComponent("docs/search/\(picture).svg")
      let size = try? Data(contentsOf: file).count
      #expect(size ?? .max <= 40 << 10, "docs/search/\(picture).svg is missing or too large: run scripts/draw-searches")
      #expect(page.contains("](search/\(picture).svg)"), "docs/search.md does not show \(picture).svg")
    }
  }
}
