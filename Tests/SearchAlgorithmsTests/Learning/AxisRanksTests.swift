import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct AxisRanksTests {
  @Test(arguments: AlgorithmContract.spaces.filter { $0.gridSize != nil })
  func everyPointOfAGridComesBack(_ space: ParameterSpace) throws {
    let axes = AxisRanks(space)
    let grid = try #require(axes.grid)
    #expect(axes.pointCount == grid.count)
    var met: Set<RankedPoint> = []
    var prints: Set<PointFingerprint> = []
    for index in 0..<grid.count {
      let point = grid.point(at: index)
      let ranked = axes.ranks(of: point)
      #expect(axes.point(of: ranked) == point && axes.settled(ranked) == ranked)
      met.insert(ranked)
      prints.insert(axes.fingerprint(of: ranked))
    }
    #expect(met.count == Int(grid.count) && prints.count == Int(grid.count))
  }

  @Test func aRangeHasFineLevels() {
    let axes = AxisRanks(
      ParameterSpace([Parameter(name: "rate", domain: .realRange(minimum: 1e-4, maximum: 1, scale: .log))]))
    #expect(axes.grid == nil && axes.pointCount == nil && axes.axes[0].isContinuous && axes.axes[0].isOrdered)
    for rank in [0, 1, 12_345, AxisRanks.finest / 2, AxisRanks.finest - 1, AxisRanks.finest] {
      let point = axes.point(of: RankedPoint([rank]))
      #expect(axes.ranks(of: point) == RankedPoint([rank]))
    }
    #expect(axes.point(of: RankedPoint([AxisRanks.finest])) == Point(["rate": .real(1)]))
    let between = axes.ranks(of: Point(["rate": .real(0.012_345)]))[0]
    #expect(between > 0 && between < AxisRanks.finest && between != between.rounded())
    // Two values that are the same number are one point.
    let narrow = AxisRanks(
      ParameterSpace([Parameter(name: "rate", domain: .realRange(minimum: 1, maximum: 1.0.nextUp, scale: .linear))]))
    let prints = stride(from: 0, through: AxisRanks.finest, by: AxisRanks.finest / 64).map {
      narrow.fingerprint(of: RankedPoint([$0]))
    }
    #expect(Set(prints).count == 2)
  }

  @Test func whatIsAbsentIsTakenOut() {
    let axes = AxisRanks(AlgorithmContract.spaces[2])
    // batch, momentum, nesterov, optimizer: momentum belongs to heavy_ball, nesterov to a momentum of 0.5 up.
    #expect(axes.settled(RankedPoint([3, 2, 1, 0])) == RankedPoint([3, -1, -1, 0]))
    #expect(axes.settled(RankedPoint([3, -1, -1, 1])) == RankedPoint([3, 0, -1, 1]))
    #expect(axes.settled(RankedPoint([3, 1, -1, 1])) == RankedPoint([3, 1, 0, 1]))
    let other = [3.0, -1, -1, 0][...]
    #expect(axes.squaredDistance(RankedPoint([3, -1, -1, 0]), other) == 0)
    #expect(axes.squaredDistance(RankedPoint([5, 1, -1, 1]), other) == 0.16 + 0.25 + 0.25)
  }
}
