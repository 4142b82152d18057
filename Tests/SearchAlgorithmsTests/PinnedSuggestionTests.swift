import SearchSpace
import Testing

@testable import SearchAlgorithms

/// What each version of an algorithm has suggested since its first study. A change of any of these changes the trials of
/// stored studies: raise the algorithm's version with it.
@Suite struct PinnedSuggestionTests {
  private static let space = ParameterSpace([
    Parameter(name: "layers", domain: .levels([.integer(1), .integer(2), .integer(4)]), isStructural: true),
    levels("a", 4), levels("units_1", 3), levels("zeta", 3),
    Parameter(
      name: "units_2", domain: .integerRange(minimum: 2, maximum: 4, scale: .linear),
      condition: Condition("layers", .atLeast(2))),
    Parameter(
      name: "units_4", domain: .levels([.integer(1), .integer(9)]), condition: Condition("layers", .atLeast(4))),
    Parameter(name: "kind", domain: .categories([.string("x"), .boolean(true), .real(0.5)])),
  ])

  private static func rough(_ point: Point) -> ObservedOutcome {
    var hash: UInt64 = 1
    for (name, value) in point.values.sorted(by: { $0.key < $1.key }) {
      hash = KeyedGenerator(seed: hash, key: [UInt64(name.utf8.count), value.number?.bitPattern ?? 7]).integer(at: 0)
    }
    return hash % 13 == 0 ? .infeasible : .completed(value: Double(hash % 1000))
  }

  private static func text(_ value: ParameterValue) -> String {
    switch value {
    case .integer(let value): "i\(value)"
    case .real(let value): "r\(value.bitPattern)"
    case .boolean(let value): "b\(value)"
    case .string(let value): "s\(value)"
    }
  }

  /// FNV-1a of everything that is stored of the suggestions.
  private static func digest(_ rows: [Row]) -> UInt64 {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for suggestion in rows.map(\.suggestion) {
      let values = suggestion.point.values.sorted { $0.key < $1.key }.map { " \($0.key)=\(text($0.value))" }
      let facts = suggestion.origin.facts.map { " \($0.name)=\(text($0.value))" }
      let line = "\(values.joined()) \(suggestion.horizon) \(suggestion.origin.kind)\(facts.joined())"
      for byte in line.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return digest
  }

  @Test(
    arguments: [
      ("grid", [:], 3_920_075_842_220_929_753), ("random", [:], 9_991_330_543_622_588_638),
      ("approximate_gradient", AlgorithmContract.paper, 13_741_056_408_122_408_595),
      ("approximate_gradient", [:], 8_326_541_750_637_066_263), ("gaussian_process", [:], 15_247_278_304_656_599_073),
      ("tpe", [:], 7_369_763_144_735_472_647), ("rbf_surrogate", [:], 11_401_950_428_607_826_102),
    ] as [(String, [String: ParameterValue], UInt64)])
  func theSameAsEver(_ name: String, _ options: [String: ParameterValue], _ expected: UInt64) {
    for workers in [1, 4] {
      let make = AlgorithmContract.maker(name, Self.space, true, options: options)
      let trials = AlgorithmCatalogue.named(name)!.trials(400, fewer: 70)
      let rows = simulate(make, workers: workers, trials: trials, shuffle: 3, objective: Self.rough)
      #expect(Self.digest(rows) == expected)
    }
  }
}
