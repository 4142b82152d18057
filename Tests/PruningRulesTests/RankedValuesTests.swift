import SearchSpace
import Testing

@testable import PruningRules

@Suite struct RankedValuesTests {
  @Test(arguments: [1, 2, 700, 5000]) func itIsASortedList(_ count: Int) {
    let draw = KeyedGenerator(seed: 3, key: [UInt64(count)])
    var (ranked, plain) = (RankedValues(), [Double]())
    for place in 0..<count {
      // Many values are equal; some runs rise, and some fall.
      let value = place % 3 == 0 ? Double(place) : Double(draw.integer(below: 50, at: UInt64(place)))
      ranked.insert(value)
      plain.append(value)
    }
    plain.sort()
    #expect(ranked.count == count && (0..<count).map { ranked[$0] } == plain)
    for value in [-1, 0, 7, 7.5, 49, 50, Double(count)] {
      #expect(ranked.count(below: value) == plain.count { $0 < value })
    }
    #expect(ranked.quantile(0) == plain.first && ranked.quantile(1) == plain.last)
  }

  @Test func quantilesAreLinearBetweenNeighbours() {
    var ranked = RankedValues()
    #expect(ranked.quantile(0.5) == nil)
    for value in [4, 1, 2, 8] as [Double] { ranked.insert(value) }
    #expect(ranked.quantile(0.5) == 3 && ranked.quantile(0.25) == 1.75)
  }
}
