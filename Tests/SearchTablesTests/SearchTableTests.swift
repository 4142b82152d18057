import Foundation
import SearchAlgorithms
import SearchSpace
import SearchTables
import Testing

@Suite struct SearchTableTests {
  /// Two instances of 2 × 3 points, named so that the parameters' order is not the axes'.
  private static let small = SearchTable(
    "small", axes: [.init("z", [1, 2.5]), .init("a", [0, 1, 2], isCategorical: true)], instances: 2,
    losses: [5, 4, 3, 2, 1, 0, 10, 11, 12, 13, 14, 15], ties: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])

  @Test func pointsHaveTheirPlaces() throws {
    let grid = try #require(Grid(Self.small.space))
    #expect(Self.small.space.parameters.map(\.name) == ["a", "z"] && Self.small.size == 6)
    let places = (0..<6).map { Self.small.place(of: grid.point(at: $0), instance: 1) }
    // The grid's first parameter, `a`, varies fastest, which is the table's last axis.
    #expect(places == [6, 7, 8, 9, 10, 11])
    #expect(Self.small.targets == [0, 10])
  }

  @Test func aFileIsReadAsItWasWritten() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).table").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for table in [Self.small] + FixtureTables.all {
      try TableFile.write(table, to: path)
      let read = try TableFile.read(path)
      #expect(read.name == table.name && read.axes == table.axes && read.instances == table.instances)
      #expect(read.losses == table.losses && read.ties == table.ties)
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.dropLast().write(to: URL(fileURLWithPath: path))
    #expect(throws: TableFile.Damaged.self) { try TableFile.read(path) }
    try Data("no line".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: TableFile.Damaged.self) { try TableFile.read(path) }
  }

  /// The best 1 % of 100 points or fewer is one point; of 101 it is two.
  @Test(arguments: [(100, 0.0), (101, 1), (200, 1), (201, 2)]) func theTargetIsTheBestHundredth(
    _ size: Int, _ loss: Double
  ) {
    let levels = (0..<size).map(Double.init)
    #expect(SearchTable("line", axes: [.init("x", levels)], instances: 1, losses: levels.reversed()).targets == [loss])
  }

  @Test func aRunCountsToTheTarget() throws {
    let grid = try #require(AlgorithmCatalogue.named("grid"))
    let run = TableRun(SearchSetting(grid), on: Self.small, number: 0, checkpoints: [2, 4, 50])
    #expect(run.reached == 6 && run.bests == [4, 2, 0] && run.milliseconds.count == 6)
    #expect(TableRun(SearchSetting(grid), on: Self.small, number: 1).reached == 1, "run 1 is of the other instance")
    let short = TableRun(SearchSetting(grid), on: Self.small, number: 0, limit: 5)
    #expect(short.reached == nil && short.milliseconds.count == 5)
  }

  @Test func tiesAreToldWhereAskedFor() {
    #expect(Self.small.outcome(at: 7, withTie: true) == .completed(value: 11, tieBreak: 7))
    #expect(Self.small.outcome(at: 7, withTie: false) == .completed(value: 11))
    let without = SearchTable("line", axes: [.init("x", [0, 1])], instances: 1, losses: [3, 2])
    #expect(without.outcome(at: 0, withTie: true) == .completed(value: 3))
  }

  /// The numbers of the project's own tables are the same on every machine: bounds on them are of one version.
  @Test func fixturesAreTheSameEverywhere() {
    let digests = FixtureTables.all.map { table in
      table.losses.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ $1.bitPattern) &* 0x100_0000_01B3 }
    }
    #expect(FixtureTables.all.map(\.name) == ["categories", "logarithmic", "noisy", "plateaus", "valley"])
    #expect(
      digests == [
        11_892_697_684_145_398_830, 10_399_779_238_467_875_266, 17_874_863_487_182_930_311, 3_363_543_102_659_798_640,
        1_603_871_315_141_414_555,
      ])
  }
}
