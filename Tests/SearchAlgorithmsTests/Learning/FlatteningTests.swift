import Foundation
import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct FlatteningTests {
  private static let space = ParameterSpace([levels("a", 100)])

  private static func log(_ outcomes: [ObservedOutcome], maximize: Bool = false) -> LearningLog {
    learningLog(space, outcomes.indices.map { Point(["a": .integer($0 * $0)]) }, outcomes, maximize: maximize)
  }

  private func agree(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 * max(1, abs($1)) }
  }

  @Test func theLowerQuartileIsLogTwo() {
    let losses = [8.0, 1, 2, 5, 3]
    #expect(agree(Flattening(losses).values, losses.map { Foundation.log(1 + ($0 - 1) / 1) }))
    // Without a spread below the quartile, a quarter of the whole one; without any, 1.
    #expect(agree(Flattening([1, 1, 1, 1, 9]).values, [0, 0, 0, 0, Foundation.log(5)]))
    #expect(Flattening([3, 3, 3]).values == [0, 0, 0])
    #expect(Flattening([Double]()).values.isEmpty)
  }

  @Test func outcomesWithoutAValueAreTheWorst() {
    let log = Self.log([
      .completed(value: 2), .infeasible, .completed(value: 7), .pruned(value: 3, at: 1), .failed,
      .pruned(value: 100, at: 1), .pruned(value: nil, at: nil), .completed(value: 5),
    ])
    #expect(log.modelLosses == [2, 7, 7, 5, 7, 100, 7, 5])
    #expect(Self.log([.completed(value: 2), .failed], maximize: true).modelLosses == [-2, -2])
    #expect(Self.log([.infeasible, .failed, .pruned(value: 1, at: 1)]).modelLosses == [0, 0, 0])
    #expect(Flattening(Self.log([.infeasible, .failed])).values == [0, 0])
  }

  @Test func hugeValuesStayFinite() {
    let log = Self.log([.completed(value: 1e308), .completed(value: -1e308), .completed(value: 0)])
    #expect(Flattening(log).values.allSatisfy { $0.isFinite })
  }

  @Test func selectingEqualsSorting() {
    let generator = KeyedGenerator(seed: 4, key: [])
    for count in 1...60 {
      let numbers = (0..<count).map { Double(generator.integer(below: 20, at: UInt64(count * 100 + $0))) }
      let sorted = numbers.sorted()
      for place in 0..<count { #expect(numbers.smallest(at: place) == sorted[place]) }
    }
  }

  @Test func exponentialAndLogarithmAreThoseOfTheLibrary() {
    for step in 0..<4000 {
      let x = Double(step) * 0.35 - 700
      let power = Foundation.exp(x)
      #expect(abs(PlainMath.exp(x) - power) <= 4 * power.ulp)
      let number = Foundation.exp(x / 20)
      #expect(abs(PlainMath.log(number) - Foundation.log(number)) <= 4 * max(Foundation.log(number).ulp, 0x1p-52))
    }
    #expect(PlainMath.exp(-701) == 0 && PlainMath.exp(0) == 1 && PlainMath.log(1) == 0)
  }
}
