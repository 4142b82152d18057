import Foundation
import Testing

@testable import SearchSpace

@Suite struct DrawTests {
  @Test func aPermutationMeetsEveryIntegerOnce() {
    for bound in UInt64(1)...600 {
      let order = KeyedPermutation(bound: bound, seed: 7, key: [1])
      #expect(Set((0..<bound).map { order[$0] }).count == Int(bound))
    }
  }

  @Test func permutationsDifferByKeyAndReachFar() {
    let a = KeyedPermutation(bound: 1 << 62, seed: 7, key: [1])
    let b = KeyedPermutation(bound: 1 << 62, seed: 7, key: [2])
    #expect((0..<100).map { a[$0] } != (0..<100).map { b[$0] })
    #expect(a[(1 << 62) - 1] < 1 << 62)
    // The first hundred of a million spread over all of it: the mean of as many even draws is within 5 deviations.
    let order = KeyedPermutation(bound: 1_000_000, seed: 3, key: [])
    let mean = (0..<100).map { Double(order[$0]) }.reduce(0, +) / 100
    #expect(abs(mean - 500_000) < 5 * 28_868)
  }

  @Test func drawsArePinned() {
    // A change of any of these changes the trials of every study: raise the algorithms' versions with it.
    let generator = KeyedGenerator(seed: 7, key: [1, 2])
    #expect(generator.integer(at: 0) == KeyedGenerator(seed: 7, key: [1, 2]).integer(at: 0))
    #expect(generator.integer(at: 0) != KeyedGenerator(seed: 7, key: [2, 1]).integer(at: 0))
    #expect(generator.integer(at: 0) != KeyedGenerator(seed: 8, key: [1, 2]).integer(at: 0))
    #expect(KeyedGenerator.mix(0x9E37_79B9_7F4A_7C15) == 0xE220_A839_7B1D_CDAF)
    let order = KeyedPermutation(bound: 3125, seed: 7, key: [1])
    #expect((0..<5).map { order[$0] } == [433, 411, 2108, 2661, 614])
  }

  @Test func integersBelowABoundAreEven() {
    let generator = KeyedGenerator(seed: 1, key: [9])
    var counts = [Int](repeating: 0, count: 6)
    for index in 0..<60_000 { counts[Int(generator.integer(below: 6, at: UInt64(index)))] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
  }

  @Test func portableMathIsAccurate() {
    for step in 1...4000 {
      let x = Double(step) * 0.0137
      #expect(abs(PortableMath.log(x) - log(x)) <= 4e-16 * max(1, abs(log(x))))
      #expect(abs(PortableMath.exp(x - 20) / exp(x - 20) - 1) <= 4e-15)
    }
    #expect(PortableMath.log(1) == 0 && PortableMath.exp(0) == 1)
  }

  @Test func drawsStayInTheirRange() {
    let domains: [Parameter.Domain] = [
      .realRange(minimum: 1e-5, maximum: 0.1, scale: .log), .realRange(minimum: -3, maximum: 2, scale: .linear),
      .integerRange(minimum: 1, maximum: 1000, scale: .log), .integerRange(minimum: -4, maximum: 4, scale: .linear),
    ]
    let bounds = [(1e-5, 0.1), (-3, 2), (1, 1000), (-4, 4)]
    let generator = KeyedGenerator(seed: 4, key: [])
    for (domain, bound) in zip(domains, bounds) {
      let values = (0..<5000).compactMap { domain.value(drawnBy: generator, at: $0).number }
      #expect(values.allSatisfy { $0 >= bound.0 && $0 <= bound.1 })
    }
    let logs = (0..<5000).compactMap { domains[0].value(drawnBy: generator, at: $0).number }.count { $0 < 1e-3 }
    #expect(abs(logs - 2500) < 250)
  }

  @Test(arguments: GridTests.spaces) func drawnPointsHaveWhatIsPresent(_ space: ParameterSpace) throws {
    let grid = try #require(Grid(space))
    let points = (0..<2000).map { index in
      space.point(drawnBy: { KeyedGenerator(seed: 1, key: [UInt64($0)]) }, at: index)
    }
    #expect(points.allSatisfy { grid.index(of: $0) != nil })
    // Every set of names that the grid has is met.
    #expect(
      Set(points.map { Set($0.values.keys) }) == Set((0..<grid.count).map { Set(grid.point(at: $0).values.keys) }))
  }
}
