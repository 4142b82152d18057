import SearchAlgorithms
import SearchSpace
import SearchTables
import Testing

/// The short form of `Benchmarks/search`: sixty runs of every algorithm on two tables. Seeds are fixed, so that each
/// algorithm always gives the same figures; the bounds leave room for a change of version, and none for a search that
/// learns nothing.
@Suite struct ShortFormTests {
  /// What an algorithm must reach on a table.
  struct Bound: Sendable {
    /// Where half of the runs, and nine of ten, have reached the target.
    var n50: ClosedRange<Int>
    var n90: ClosedRange<Int>

    init(_ n50: ClosedRange<Int>, _ n90: ClosedRange<Int>) {
      self.n50 = n50
      self.n90 = n90
    }
  }

  /// By algorithm: its bounds on `categories` and `logarithmic`, where random draws need 63 / 189 and 68 / 215.
  static let bounds: [String: (categories: Bound, logarithmic: Bound)] = [
    "grid": (Bound(80...80, 495...495), Bound(931...931, 1411...1411)),
    "random": (Bound(45...85, 140...260), Bound(48...95, 150...280)),
    "tpe": (Bound(1...30, 1...125), Bound(1...24, 1...60)),
    "rbf_surrogate": (Bound(1...26, 1...115), Bound(1...21, 1...36)),
    "approximate_gradient": (Bound(1...24, 1...120), Bound(1...17, 1...30)),
    "gaussian_process": (Bound(1...25, 1...45), Bound(1...22, 1...42)),
  ]

  /// The algorithms that are measured by how many points they need. Those with a resource are not: their trials cost more
  /// or less, and no axis of these tables is one.
  static let measured = AlgorithmCatalogue.all.map(\.facts).filter { facts in
    !facts.options.contains { $0.kind == .parameterName }
  }.map(\.name)

  @Test(arguments: measured, ["categories", "logarithmic"])
  func reachesItsBound(_ name: String, _ place: String) throws {
    let algorithm = try #require(AlgorithmCatalogue.named(name))
    let table = try #require(FixtureTables.all.first { $0.name == place })
    let bounds = try #require(
      Self.bounds[name],
      "No bound for \(name). Measure it by \"Benchmarks/search \(name) fixtures --runs 60\" and add a line here.")
    let bound = place == "categories" ? bounds.categories : bounds.logarithmic
    let reached = (0..<60).map { TableRun(SearchSetting(algorithm), on: table, number: $0).reached ?? .max }.sorted()
    #expect(bound.n50.contains(reached[29]), "N50 is \(reached[29])")
    #expect(bound.n90.contains(reached[53]), "N90 is \(reached[53])")
  }

  /// A bound that random draws keep would let a broken search pass.
  @Test(arguments: bounds.keys.filter { $0 != "random" }.sorted())
  func noBoundIsReachedByChance(_ name: String) throws {
    let (categories, logarithmic) = try #require(Self.bounds[name])
    #expect(!categories.n90.contains(189) && !logarithmic.n90.contains(215))
  }
}
