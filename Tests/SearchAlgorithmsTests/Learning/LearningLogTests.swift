import SearchSpace
import Testing

@testable import SearchAlgorithms

/// A log of points of a space and of outcomes of the first.
func learningLog(
  _ space: ParameterSpace, _ points: [Point], _ outcomes: [ObservedOutcome] = [], maximize: Bool = false
) -> LearningLog {
  var log = LearningLog(axes: AxisRanks(space), maximize: maximize)
  for point in points { log.register(point) }
  for outcome in outcomes { log.observe(outcome) }
  return log
}

@Suite struct LearningLogTests {
  private static let spaces = AlgorithmContract.spaces.filter { $0.gridSize != nil }

  @Test(arguments: spaces) func theFirstUnseenPointIsTheFirstInTheGrid(_ space: ParameterSpace) throws {
    let grid = try #require(Grid(space))
    let order = KeyedPermutation(bound: grid.count, seed: 3, key: [])
    var log = LearningLog(axes: AxisRanks(space), maximize: false)
    var left = Array(0..<grid.count)
    for place in 0..<grid.count {
      #expect(log.firstUnseenPoint.map(log.axes.point(of:)) == grid.point(at: left[0]))
      var stream = SearchStream(seed: 5, purpose: .designJitter, index: Int(place))
      var same = stream
      let drawn = try #require(log.unseenPoint(&stream))
      #expect(log.axes.point(of: drawn) == grid.point(at: left[same.integer(below: left.count)]))
      #expect(!log.isExhausted)
      let next = order[place]
      log.register(grid.point(at: next))
      left.removeAll { $0 == next }
    }
    var stream = SearchStream(seed: 5, purpose: .designJitter)
    #expect(log.isExhausted && log.firstUnseenPoint == nil && log.unseenPoint(&stream) == nil)
    #expect(log.count == Int(grid.count) && log.hasSeen(log.point(of: 4)) && log.index(of: log.point(of: 4)) == 4)
  }

  @Test func startsFillEveryStratum() throws {
    // So many levels that a level lies in one stratum.
    let wide = Parameter.Domain.integerRange(minimum: 0, maximum: 9_999_999, scale: .linear)
    let space = ParameterSpace([Parameter(name: "a", domain: wide), Parameter(name: "b", domain: wide), levels("c", 3)])
    for seed in 0..<20 {
      let axes = AxisRanks(space)
      let log = LearningLog(axes: axes, maximize: false)
      for isInner in [true, false] {
        let design = StartDesign(axes: axes, seed: UInt64(seed), isInner: isInner)
        let starts = try (0..<StartDesign.size).map { try #require(design.point($0, in: log)) }
        for place in 0...1 {
          let share = isInner ? 0.7 : 1
          let strata = starts.map { start -> Int in
            let place = ((start[place] + 0.5) / axes.axes[place].count - (1 - share) / 2) / share
            return Int((place * 5).rounded(.down))
          }
          #expect(strata.sorted() == Array(0..<5))
        }
      }
    }
  }

  @Test func aStartThatHasATrialIsAnother() throws {
    let space = ParameterSpace([levels("a", 3), levels("b", 2)])
    let axes = AxisRanks(space)
    let design = StartDesign(axes: axes, seed: 1)
    var log = LearningLog(axes: axes, maximize: false)
    for index in 0..<StartDesign.size {
      let start = try #require(design.point(index, in: log))
      #expect(!log.hasSeen(start))
      log.register(axes.point(of: start))
    }
    let small = ParameterSpace([levels("a", 2), levels("b", 2)])
    let few = learningLog(small, [Point(["a": .integer(0), "b": .integer(0)])])
    let second = StartDesign(axes: few.axes, seed: 1).point(1, in: few)
    #expect(second == RankedPoint([1, 0]))
  }

  @Test func aFarPointIsFar() throws {
    let space = ParameterSpace([levels("a", 20), levels("b", 20)])
    let centre = Point(["a": .integer(100), "b": .integer(100)])
    let log = learningLog(space, [centre])
    for index in 0..<50 {
      var stream = SearchStream(seed: 9, purpose: .gradientProposal, index: index)
      let far = try #require(log.farPoint(&stream))
      #expect(far.ranks.allSatisfy { (3...17).contains($0) }, "it keeps off the ends")
      #expect(log.axes.squaredDistance(far, log.ranks(of: 0)) > 0.1, "the farthest of ten")
    }
    // What is left in the end is found, also at the ends.
    let line = ParameterSpace([levels("a", 30)])
    let full = learningLog(line, (1..<30).map { Point(["a": .integer($0 * $0)]) })
    var stream = SearchStream(seed: 9, purpose: .gradientProposal)
    #expect(full.farPoint(&stream) == RankedPoint([0]))
  }
}
