import JSONText
import TestSupport
import Testing

@testable import Studies

/// An edit of `parallelism` is in force from the trial after the last one: h(k) = max(h(k − 1), k − parallelism(k), 0).
@Suite struct ParallelismEditTests {
  private static let algorithms = ["approximate_gradient", "gaussian_process", "tpe"]

  private static func bench(_ algorithm: String, _ parallelism: Int) throws -> LedgerBench {
    try LedgerBench(
      StudyBench.definition(
        "s", algorithm: ["name": .string(algorithm)], sizes: [9, 9], budget: ["trials": 24],
        more: [("parallelism", .number(Double(parallelism)))]))
  }

  private static func expected(_ parallelism: (Int) -> Int) -> [Int] {
    var horizons: [Int] = []
    for number in 1...24 { horizons.append(max(horizons.last ?? 0, number - parallelism(number), 0)) }
    return horizons
  }

  private static func horizons(_ bench: LedgerBench) -> [Int] {
    bench.trials.values.sorted { $0.number < $1.number }.map(\.suggestion.horizon)
  }

  /// One worker that has reported all, or another trial too: what the search was shown before the edit must not matter.
  @Test(arguments: algorithms, [(1, 4), (4, 1), (3, 7)])
  func horizonsFollowTheEdit(_ algorithm: String, _ change: (before: Int, after: Int)) throws {
    var bench = try Self.bench(algorithm, change.before)
    bench.work(10)
    // The outcome of trial 10 is known, and perhaps shown, but trial 11 has no suggestion yet.
    #expect(bench.trials.count == 10)
    try bench.edit(["parallelism": .number(Double(change.after))])
    bench.work()
    #expect(Self.horizons(bench) == Self.expected { $0 < 11 ? change.before : change.after })
    #expect(bench.study?.edits.map(\.fromTrial) == [11])

    // The same with the tenth trial still out when the edit comes.
    var other = try Self.bench(algorithm, change.before)
    other.work(9)
    let tenth = other.lease()
    #expect(tenth.map(\.number) == [10])
    try other.edit(["parallelism": .number(Double(change.after))])
    other.report(tenth) { StudyBench.outcome($0) }
    other.work()
    #expect(other.table == bench.table && Self.horizons(other) == Self.horizons(bench))
  }

  /// A larger parallelism gives work at once to workers that waited for an outcome.
  @Test func whoWaitsGetsATrial() throws {
    var bench = try Self.bench("tpe", 1)
    bench.work(6)
    let out = bench.lease()
    #expect(out.map(\.number) == [7] && bench.lease(to: "w2").isEmpty)
    try bench.edit(["parallelism": 3])
    #expect(bench.lease(to: "w2").map(\.number) == [8] && bench.lease(to: "w3").map(\.number) == [9])
    #expect(bench.lease(to: "w4").isEmpty)
    #expect(Self.horizons(bench) == [0, 1, 2, 3, 4, 5, 6, 6, 6])
  }

  /// A service that starts again knows of the edit, wherever it was cut.
  @Test(arguments: algorithms) func aReplayFollowsTheEdits(_ algorithm: String) throws {
    var straight = try Self.bench(algorithm, 1)
    straight.work(8)
    try straight.edit(["parallelism": 4])
    straight.work(8)
    try straight.edit(["parallelism": 2])
    straight.work()
    for cut in [8, 9, 12, 16, 17, 20] {
      var bench = try Self.bench(algorithm, 1)
      func die() throws { bench.ledger = try bench.replayed(held: [:]) }
      bench.work(8)
      try bench.edit(["parallelism": 4])
      if cut < 16 {
        bench.work(cut - 8)
        try die()
      }
      bench.work(16 - bench.trials.count)
      try bench.edit(["parallelism": 2])
      if cut >= 16 {
        bench.work(cut - 16)
        try die()
      }
      bench.work()
      #expect(bench.table == straight.table && Self.horizons(bench) == Self.horizons(straight), "cut after \(cut)")
    }
    #expect(Self.horizons(straight) == Self.expected { $0 < 9 ? 1 : $0 < 17 ? 4 : 2 })
  }
}
