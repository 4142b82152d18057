import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct LocalModelTests {
  private static let space = ParameterSpace([levels("a", 9), levels("b", 7), levels("c", 5)])
  private static let mesh = StepMesh(axes: AxisRanks(space), firstStep: 0.4, wraps: false)

  /// All points of the space, and what a function says of their ranks.
  private static func told(_ height: ([Double]) -> Double) -> (log: LearningLog, z: [Double]) {
    let grid = Grid(space)!
    let log = learningLog(
      space, (0..<grid.count).map { grid.point(at: $0) }, (0..<grid.count).map { _ in .completed(value: 0) })
    return (log, (0..<log.told).map { height(log.point(of: $0).ranks) })
  }

  @Test func aQuadraticIsFound() {
    let (log, z) = Self.told { 0.3 * $0[0] - 0.2 * $0[1] + 0.05 * $0[2] * $0[2] + 0.02 * $0[0] * $0[1] }
    let centre = RankedPoint([4, 3, 2])
    let terms = StepFeatures.Terms(hasCurvature: true, ordered: 3)
    let features = StepFeatures(Self.mesh, terms, around: centre, RunState(step: 0.4), in: log)
    #expect(features.count == 1 + 3 + 3 + 3)
    let model = LocalModel(features, z.map { _ in 1 }, z, in: log)
    for (found, expected) in zip(model.gradient, [0.3 + 0.06, -0.2 + 0.08, 0.2]) {
      #expect(abs(found - expected) < 0.02)
    }
    for (index, prediction) in model.predict((0..<log.told).map(log.point(of:))).enumerated() {
      #expect(abs(prediction.mean - z[index]) < 0.05 && prediction.deviation > 0)
    }
  }

  /// What lies far from all weights is uncertain.
  @Test func uncertaintyGrowsWithDistance() {
    let (log, z) = Self.told { $0[0] }
    let terms = StepFeatures.Terms(hasCurvature: true, ordered: 3)
    let centre = RankedPoint([0, 0, 0])
    let features = StepFeatures(Self.mesh, terms, around: centre, RunState(step: 0.1), in: log)
    let weights = SmoothingWeights(features, isNarrow: false, in: log)
    let model = LocalModel(features, weights.weights, z, in: log)
    let predictions = model.predict([RankedPoint([0, 0, 0]), RankedPoint([2, 2, 1]), RankedPoint([8, 6, 4])])
    #expect(predictions[0].deviation < predictions[1].deviation)
    #expect(predictions[1].deviation < predictions[2].deviation)
  }

  @Test func weightsWidenUntilTheySayEnough() {
    let (log, _) = Self.told { $0[0] }
    let terms = StepFeatures.Terms(hasCurvature: true, ordered: 3)
    let features = StepFeatures(Self.mesh, terms, around: RankedPoint([4, 3, 2]), RunState(step: 0.05), in: log)
    var weights = SmoothingWeights(features, isNarrow: false, in: log)
    #expect(weights.width == 0.5 && weights.weights.max() == 1)
    #expect(weights.weights.reduce(0, +) < 3)
    let three = weights.widen(to: 3)
    #expect(three && weights.weights.reduce(0, +) >= 3 && weights.weights.reduce(0, +) < 6)
    let six = weights.widen(to: 6)
    #expect(six && weights.weights.reduce(0, +) >= 6)
    let more = weights.widen(to: 6)
    #expect(!more, "enough is enough")
    let narrow = SmoothingWeights(features, isNarrow: true, in: log)
    #expect(narrow.weights.count { $0 > 0 } <= 9 + 6 + 4)
  }

  @Test func axesThatWrapTakeTheShorterWay() {
    let mesh = StepMesh(axes: AxisRanks(Self.space), firstStep: 0.4, wraps: true)
    #expect(mesh.difference(0, from: 8, to: 0) == 1 && mesh.difference(0, from: 0, to: 8) == -1)
    #expect(mesh.difference(0, from: 2, to: 5) == 3)
    let around = Array(mesh.range(0, around: 8, most: 2, RunState(step: 0.1)))
    #expect(around == [6, 7, 8, 0, 1])
    #expect(Set(mesh.neighbours(of: RankedPoint([8, 0, 2]), RunState(step: 0.1)).map { $0[0] }) == [7, 8, 0])
    #expect(Array(Self.mesh.range(0, around: 8, most: 2, RunState(step: 0.1))) == [6, 7, 8])
  }

  @Test func figuresForPeopleHaveFourDigits() {
    #expect(123_456.0.rounded(digits: 4) == 123_500 && 0.001_234_56.rounded(digits: 4) == 0.001_235)
    #expect((-9.99996).rounded(digits: 4) == -10 && 0.0.rounded(digits: 4) == 0)
    #expect(1e-300.rounded(digits: 4) == 1e-300 && Double.infinity.rounded(digits: 4) == .infinity)
  }
}
