import SearchSpace
import Testing

@testable import Analysis

/// Importances of functions whose decomposition is known.
@Suite struct ImportanceTests {
  private static let pi = 3.141592653589793

  /// A space of reals named x1, x2, … from `low` to `high`.
  private static func reals(_ count: Int, _ low: Double, _ high: Double) -> ParameterSpace {
    ParameterSpace(
      (1...count).map { Parameter(name: "x\($0)", domain: .realRange(minimum: low, maximum: high, scale: .linear)) })
  }

  /// The values of a function at random points.
  private static func trials(
    _ space: ParameterSpace, _ count: Int, seed: UInt64 = 1, _ function: ([Double]) -> Double
  ) -> ImportanceTrials {
    var trials = ImportanceTrials(space, isWhole: false)
    for number in 0..<UInt64(count) {
      let point = space.point(drawnBy: { KeyedGenerator(seed: seed, key: [UInt64($0)]) }, at: number)
      let values = space.parameters.map { point[$0.name] }
      trials.add(point: number, values: values, value: function(values.map { $0?.number ?? 0 }))
    }
    return trials
  }

  private static func expect(_ found: Importance, _ truth: [String: Double], interactions: Double) {
    #expect(found.shares.count == truth.count)
    for share in found.shares {
      let wanted = truth[share.parameter] ?? -1
      #expect(abs(share.importance - wanted) <= 0.05, "\(share.parameter): \(share.importance), not \(wanted)")
      #expect(share.standardDeviation.map { $0 >= 0 && $0 < 0.1 } ?? false)
    }
    #expect(abs((found.interactions ?? -1) - interactions) <= 0.05, "\(found.interactions ?? -1)")
    #expect(found.shares.map(\.importance) == found.shares.map(\.importance).sorted(by: >))
  }

  @Test(arguments: [(200, 1), (1000, 2)]) func aSumHasNoInteractions(_ count: Int, _ seed: UInt64) {
    let found = Importance(
      Self.trials(Self.reals(5, 0, 1), count, seed: seed) { 4 * $0[0] + 2 * $0[1] + $0[2] + 0.5 * $0[3] })
    let sum = 16 + 4 + 1 + 0.25
    Self.expect(
      found, ["x1": 16 / sum, "x2": 4 / sum, "x3": 1 / sum, "x4": 0.25 / sum, "x5": 0], interactions: 0)
    #expect(found.method == .forest && found.points == count && found.fit ?? 0 > 0.9)
  }

  /// Ishigami and Homma 1990: x3 matters only together with x1.
  @Test(arguments: [(500, 1), (1000, 3)]) func ishigamisFunction(_ count: Int, _ seed: UInt64) {
    let found = Importance(
      Self.trials(Self.reals(3, -Self.pi, Self.pi), count, seed: seed) { x in
        let (one, two) = (Self.sine(x[0]), Self.sine(x[1]))
        return one + 7 * two * two + 0.1 * x[2] * x[2] * x[2] * x[2] * one
      })
    Self.expect(found, ["x1": 0.3139, "x2": 0.4424, "x3": 0], interactions: 0.2437)
  }

  private static func sine(_ x: Double) -> Double {
    var (term, sum) = (x, x)
    for k in stride(from: 2.0, to: 30, by: 2) {
      term *= -x * x / (k * (k + 1))
      sum += term
    }
    return sum
  }

  /// Sobol's g-function: `∏ (|4xᵢ − 2| + aᵢ) / (1 + aᵢ)`, of whose variance each factor has `1 / 3(1 + aᵢ)²`.
  @Test(arguments: [(500, 1), (1000, 2)]) func sobolsFunction(_ count: Int, _ seed: UInt64) {
    let a = [0.0, 1, 4.5, 9]
    let parts = a.map { 1 / (3 * (1 + $0) * (1 + $0)) }
    let all = parts.reduce(1) { $0 * (1 + $1) } - 1
    let found = Importance(
      Self.trials(Self.reals(4, 0, 1), count, seed: seed) { x in
        zip(x, a).reduce(1) { $0 * (abs(4 * $1.0 - 2) + $1.1) / (1 + $1.1) }
      })
    let truth = Dictionary(uniqueKeysWithValues: parts.enumerated().map { ("x\($0 + 1)", $1 / all) })
    Self.expect(found, truth, interactions: 1 - parts.reduce(0, +) / all)
  }

  /// A category turns the effect of a number round; `x` on a logarithmic scale, a number from 1 to 1,000, one level alone.
  @Test(arguments: [(200, 1), (400, 2)]) func categoriesScalesAndOneLevel(_ count: Int, _ seed: UInt64) {
    let space = ParameterSpace([
      Parameter(name: "c", domain: .categories([.integer(0), .integer(1), .integer(2), .integer(3)])),
      Parameter(name: "n", domain: .integerRange(minimum: 1, maximum: 1000, scale: .linear)),
      Parameter(name: "o", domain: .levels([.real(3)])),
      Parameter(name: "x", domain: .realRange(minimum: 1e-3, maximum: 10, scale: .log)),
    ])
    let found = Importance(
      Self.trials(space, count, seed: seed) { value in
        let x = (PortableMath.log(value[3]) - PortableMath.log(0.1)) / PortableMath.log(100)
        return 0.5 * value[0] + (value[0] < 2 ? x : -x) + 0.5 * x
      })
    // Variances: 0.25 · 1.25 of the category, 1/3 of the interaction, 0.25 / 3 of x.
    let all = 0.3125 + 1 / 3.0 + 0.25 / 3
    Self.expect(
      found, ["c": 0.3125 / all, "n": 0, "o": 0, "x": 0.25 / 3 / all], interactions: 1 / 3.0 / all)
    #expect(found.shares.first { $0.parameter == "o" }?.importance == 0)
  }

  /// `u` is there only with two layers: what it makes of the points that have it is its own, that it is there is `layers`'.
  @Test func conditionalParameters() {
    let space = ParameterSpace([
      Parameter(name: "layers", domain: .integerRange(minimum: 1, maximum: 2, scale: .linear), isStructural: true),
      Parameter(
        name: "u", domain: .levels((0..<4).map { .integer($0) }), condition: Condition("layers", .atLeast(2))),
      Parameter(name: "x", domain: .realRange(minimum: 0, maximum: 1, scale: .linear)),
    ])
    func value(_ x: [Double]) -> Double { x[0] == 2 ? 1 + x[1] : x[2] }
    let found = Importance(Self.trials(space, 400, value))
    // Means 0.5 with one layer and 2.5 with two; u has the variance 1.25 in half of the points, x 1/12 in the other half.
    let all = 1 + 1.25 / 2 + 1 / 24.0
    Self.expect(found, ["layers": 1 / all, "u": 0.625 / all, "x": 1 / 48.0 / all], interactions: 1 / 48.0 / all)

    var grid = ImportanceTrials(ParameterSpace(Array(space.parameters.prefix(2))), isWhole: true)
    for (number, point) in [[1, nil], [2, 0], [2, 1], [2, 2], [2, 3]].enumerated() {
      let values = point.map { $0.map { ParameterValue.integer($0) } }
      grid.add(point: UInt64(number), values: values, value: value(point.map { Double($0 ?? 0) } + [0.5]))
    }
    let exact = Importance(grid)
    // Five points: 0.5, 1, 2, 3, 4, of which four have u.
    let (within, between) = (1.5 * 1.5 * 2 + 0.5 * 0.5 * 2, 1.6 * 1.6 + 4 * 0.4 * 0.4)
    #expect(exact.method == .exact && exact.shares.map(\.parameter) == ["u", "layers"])
    #expect(abs(exact.shares[0].importance - within / (within + between)) < 1e-12)
    #expect(abs(exact.shares[1].importance - between / (within + between)) < 1e-12 && exact.pairs == nil)
    #expect(exact.interactions ?? 1 < 1e-12)
  }

  /// On a whole grid: `y = a + 2b + ab` of levels around 0, so that the parts are `Var a`, `4 Var b`, `Var a · Var b`.
  @Test func aWholeGridIsExact() throws {
    let space = ParameterSpace([
      Parameter(name: "a", domain: .levels([.real(-2), .real(0), .real(2)])),
      Parameter(name: "b", domain: .integerRange(minimum: -1, maximum: 1, scale: .linear)),
      Parameter(name: "c", domain: .categories([.string("one"), .boolean(true), .integer(4)])),
    ])
    let grid = try #require(Grid(space))
    var trials = ImportanceTrials(space, isWhole: true)
    func add(_ index: UInt64, _ value: Double) {
      let point = grid.point(at: index)
      trials.add(point: index, values: space.parameters.map { point[$0.name] }, value: value)
    }
    func value(_ index: UInt64) -> Double {
      let point = grid.point(at: index)
      let (a, b) = (point["a"]?.number ?? 0, point["b"]?.number ?? 0)
      return 10 + a + 2 * b + a * b
    }
    for index in 1..<grid.count { add(index, value(index)) }
    let part = Importance(trials)
    #expect(part.method == .forest && part.points == 26 && part.shares.last?.parameter == "c", "a point is missing")
    // Two runs of a point count by their mean.
    for difference in [-1.0, 1] { add(0, value(0) + difference) }
    let found = Importance(trials)
    let (a, b) = (8 / 3.0, 2 / 3.0)
    let all = a + 4 * b + a * b
    #expect(found.method == .exact && found.points == 27 && found.trials == 28 && found.fit == nil)
    #expect(found.shares.map(\.parameter) == ["a", "b", "c"])
    for (share, wanted) in zip(found.shares, [a, 4 * b, 0]) {
      #expect(abs(share.importance - wanted / all) < 1e-12 && share.standardDeviation == nil)
    }
    #expect(abs((found.interactions ?? 0) - a * b / all) < 1e-12)
    #expect(found.pairs?.map(\.parameters) == [["a", "b"]])
    #expect(abs((found.pairs?.first?.importance ?? 0) - a * b / all) < 1e-12)
  }

  @Test func nothingToSay() {
    func say(_ trials: ImportanceTrials) -> (Importance, String) {
      let found = Importance(trials)
      return (found, found.sentence(.init(completed: trials.trials, isUneven: false)))
    }
    let space = Self.reals(2, 0, 1)
    for (count, told) in [(0, "there are 0."), (1, "there is one."), (9, "there are 9.")] {
      let (found, sentence) = say(Self.trials(space, count) { $0[0] })
      #expect(found.method == nil && found.shares.isEmpty && found.interactions == nil && sentence.hasSuffix(told))
    }
    let (same, sentence) = say(Self.trials(space, 40) { 0.1 + 0.2 + $0[0] * 1e-17 })
    #expect(same.method == nil && same.isConstant)
    #expect(sentence == "All 40 points have the same value, so no parameter makes a difference.")
    // Values of the largest size, and values that are no numbers.
    let large = Importance(Self.trials(space, 100) { $0[0] < 0.1 ? .nan : ($0[0] - 0.5) * 1.7e308 })
    #expect(large.shares.first?.parameter == "x1" && large.shares[0].importance > 0.9 && large.points < 100)
  }

  @Test func theSameTrialsGiveTheSameAnswer() {
    let trials = Self.trials(Self.reals(3, 0, 1), 60) { $0[0] * $0[1] + $0[2] }
    let found = Importance(trials)
    #expect(found == Importance(trials))
    // Without a change of the method it gives these bits, on every machine.
    #expect(found.shares.map(\.parameter) == ["x3", "x1", "x2"])
  }

  /// A long list of points is thinned, whatever the values are.
  @Test func manyPointsAreThinned() {
    let space = ParameterSpace([
      Parameter(name: "a", domain: .categories((0..<300).map { .integer($0) })),
      Parameter(name: "b", domain: .integerRange(minimum: 0, maximum: 9, scale: .linear)),
    ])
    var trials = ImportanceTrials(space, isWhole: true)
    for number in 0..<2999 {
      trials.add(
        point: UInt64(number), values: [.integer(number / 10), .integer(number % 10)], value: Double(number % 10))
    }
    let found = Importance(trials)
    let sentence = found.sentence(.init(completed: 2999, isUneven: true))
    #expect(found.method == .forest && found.points == 2000 && found.trials == 2000)
    #expect(found.shares.first?.parameter == "b" && found.shares[0].importance > 0.99)
    #expect(sentence.contains("2000 of 2999 completed trials") && sentence.contains("more than others"))
  }

  /// The cells of an axis: each value in one, weights that sum to 1, a value of each cell that lies in it.
  @Test func axes() {
    let domains: [Parameter.Domain] = [
      .levels((0..<1000).map { .integer($0 * $0) }), .levels([.real(0.5), .integer(7)]),
      .categories((0..<200).map { .string("\($0)") }), .integerRange(minimum: 5, maximum: 9, scale: .log),
      .integerRange(minimum: 1, maximum: 100_000, scale: .log),
      .integerRange(minimum: -(1 << 53) + 1, maximum: (1 << 53) - 1, scale: .linear),
      .realRange(minimum: 1e-6, maximum: 1, scale: .log),
    ]
    for domain in domains {
      let axis = CellAxis(domain, most: 128)
      #expect(axis.count <= 128 && abs(axis.weights.reduce(0, +) - 1) < 1e-12 && axis.weights.allSatisfy { $0 >= 0 })
      for cell in 0..<axis.count where axis.weights[cell] > 0 {
        #expect(axis.cell(at: axis.sums[cell] + axis.weights[cell] / 2) == cell)
      }
      var counts = axis.weights.map { _ in 0.0 }
      for draw in 0..<20_000 {
        let value = domain.value(drawnBy: KeyedGenerator(seed: 3, key: []), at: UInt64(draw))
        if let cell = axis.cell(of: value) { counts[cell] += 1 } else { Issue.record("\(value) has no cell") }
      }
      for (count, weight) in zip(counts, axis.weights) {
        #expect(abs(count / 20_000 - weight) < 0.005 + 0.03 * weight, "\(domain.levelCount ?? 0): \(count), \(weight)")
      }
    }
    #expect(CellAxis(domains[0], most: 128).cell(of: .integer(2)) == nil)
    #expect(CellAxis(domains[3], most: 128).cell(of: .integer(4)) == nil)
    #expect(CellAxis(domains[6], most: 128).cell(of: .real(2)) == nil)
  }
}
