import Foundation
import Testing

@testable import SearchAlgorithms

/// Numbers that an independent NumPy program computed (`Tests/Fixtures/searches/make_cubic.py`): it solves the whole system
/// of weights and tail at once.
struct CubicFixture: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var points: [[Double]]
    var values: [Double]
    var queries: [[Double]]
    var answers: [Double]
    var distances: [Double]
    var testDescription: String { "\(points.count) points of \(points[0].count) coordinates" }
  }

  var cases: [Case]

  static let shared: CubicFixture? = try? JSONDecoder().decode(
    CubicFixture.self,
    from: Data(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/searches/cubic.json")))
}

@Suite struct CubicSurrogateTests {
  private static func surrogate(_ points: [[Double]]) -> CubicSurrogate {
    var surrogate = CubicSurrogate(dimension: points[0].count)
    surrogate.become(points)
    return surrogate
  }

  /// Points spread evenly, at random by their place alone.
  private static func points(_ count: Int, _ dimension: Int, seed: UInt64 = 5) -> [[Double]] {
    var stream = SearchStream(seed: seed, purpose: .surrogateProposal)
    return (0..<count).map { _ in (0..<dimension).map { _ in stream.uniform() - 0.5 } }
  }

  @Test func thereAreCases() { #expect(CubicFixture.shared?.cases.count == 5) }

  @Test(arguments: CubicFixture.shared?.cases ?? []) func theFunctionIsNumPys(_ example: CubicFixture.Case) {
    let function = Self.surrogate(example.points).fitted(to: example.values)
    for (answer, (value, distance)) in zip(function(example.queries), zip(example.answers, example.distances)) {
      #expect(abs(answer.value - value) < 2e-5 * max(1, abs(value)), "\(answer.value) for \(value)")
      #expect(abs(answer.distance - distance) < 1e-12)
    }
  }

  /// A function whose graph is a plane has no need of cubes: it is given back everywhere, also far from the points.
  @Test(arguments: [1, 2, 5, 9]) func aLinearFunctionIsReproduced(_ dimension: Int) {
    let linear = { (x: [Double]) in x.enumerated().reduce(0.75) { $0 + Double($1.offset * 2 - 3) * $1.element } }
    let points = Self.points(3 * dimension + 4, dimension)
    let function = Self.surrogate(points).fitted(to: points.map(linear))
    let elsewhere = Self.points(20, dimension, seed: 6) + Self.points(5, dimension, seed: 7).map { $0.map { 8 * $0 } }
    for (answer, x) in zip(function(elsewhere), elsewhere) {
      #expect(abs(answer.value - linear(x)) < 1e-3 * max(1, abs(linear(x))), "\(answer.value) for \(linear(x))")
    }
  }

  @Test(arguments: [3, 5, 8]) func theFunctionPassesByItsValues(_ dimension: Int) {
    let points = Self.points(40, dimension)
    var stream = SearchStream(seed: 2, purpose: .surrogateProposal)
    let values = points.map { _ in stream.normal() }
    for (answer, value) in zip(Self.surrogate(points).fitted(to: values)(points), values) {
      #expect(abs(answer.value - value) < 0.02 * max(1, abs(value)) && answer.distance == 0)
    }
  }

  /// With fewer points than a plane needs there is a function too, and it passes by them.
  @Test(arguments: 1...6) func fewPointsAreEnough(_ count: Int) {
    let points = Self.points(count, 5)
    let values = (0..<count).map { Double($0 * $0) }
    for (answer, value) in zip(Self.surrogate(points).fitted(to: values)(points), values) {
      #expect(abs(answer.value - value) < 1e-3 * max(1, value))
    }
  }

  /// Points that are the same, or lie on one line, spoil nothing.
  @Test func pointsThatSayNothingNewAreTaken() {
    let points = (0..<12).map { [Double($0 % 4) / 8, Double($0 % 4) / 8, 0] }
    let function = Self.surrogate(points).fitted(to: points.map { 3 * $0[0] })
    for (answer, x) in zip(function(points), points) { #expect(abs(answer.value - 3 * x[0]) < 1e-3) }
  }

  /// What is kept of a surrogate gives the same bits as one made anew.
  @Test func whatIsKeptIsTheSame() {
    let points = Self.points(70, 4)
    let values = points.map { $0[0] * $0[1] - $0[2] }
    var kept = CubicSurrogate(dimension: 4)
    for count in [1, 2, 17, 40, 39, 70] { kept.become(Array(points[..<count])) }
    let other = Array(points[..<23]) + points[30...]
    kept.become(other)
    kept.become(points)
    let (one, two) = (kept.fitted(to: values), Self.surrogate(points).fitted(to: values))
    #expect(one.weights == two.weights && one.tail == two.tail && one.anchors == two.anchors)
    #expect(one(other).map(\.value) == two(other).map(\.value))
  }

  /// Points that are not centres count for the distance alone.
  @Test func othersCountForTheDistance() {
    let points = Self.points(9, 2)
    let function = Self.surrogate(points).fitted(to: points.map { $0[0] })
    let (asked, other) = ([[0.3, 0.1]], [[0.3, 0.11]])
    #expect(function(asked, others: other)[0].value == function(asked)[0].value)
    #expect(abs(function(asked, others: other)[0].distance - 0.01) < 1e-12)
  }
}
