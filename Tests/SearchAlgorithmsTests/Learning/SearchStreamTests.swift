import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct SearchStreamTests {
  @Test func drawsAreThoseOfTheKey() {
    var stream = SearchStream(seed: 7, purpose: .designJitter, index: 3)
    let generator = KeyedGenerator(seed: 7, key: [2, 3])
    for index in 0..<20 { #expect(stream.uniform() == generator.unit(at: UInt64(index))) }
    var other = SearchStream(seed: 7, purpose: .designJitter, index: 4)
    #expect(other.uniform() != generator.unit(at: 0))
  }

  @Test func integersAndPermutationsAreEven() {
    var stream = SearchStream(seed: 1, purpose: .gradientProposal)
    var counts = [Int](repeating: 0, count: 7)
    var firsts = [Int](repeating: 0, count: 5)
    for _ in 0..<7000 {
      counts[stream.integer(below: 7)] += 1
      let permutation = stream.permutation(5)
      #expect(permutation.sorted() == Array(0..<5))
      firsts[permutation[0]] += 1
    }
    #expect(counts.allSatisfy { abs($0 - 1000) < 130 })
    #expect(firsts.allSatisfy { abs($0 - 1400) < 170 })
  }

  @Test func normalsHaveTheirMoments() {
    var stream = SearchStream(seed: 2, purpose: .firstParticles)
    let draws = (0..<20_000).map { _ in stream.normal() }
    let mean = draws.reduce(0, +) / 20_000
    let square = draws.reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(abs(mean) < 0.03 && abs(square - 1) < 0.05)
    let share = Double(draws.count { abs($0) < 1 }) / 20_000
    #expect(abs(share - 0.6827) < 0.015)
  }
}
