import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct CandidateTests {
  private static let space = ParameterSpace([
    levels("a", 41), levels("b", 9), Parameter(name: "c", domain: .categories((0..<5).map { .integer($0) })),
  ])

  private static func log(_ space: ParameterSpace = space) -> LearningLog {
    LearningLog(axes: AxisRanks(space), maximize: false)
  }

  private static func draw(_ size: Double, _ probability: Double, _ log: LearningLog = log(), at centre: [Double])
    -> [RankedPoint]
  {
    var stream = SearchStream(seed: 4, purpose: .surrogateProposal)
    return SurrogateCandidates.points(
      around: RankedPoint(centre), size: size, probability: probability, in: log, &stream)
  }

  /// The paper's schedule: min(20 / d, 1) at first, 0 at the end, and in between by the logarithm.
  @Test(
    arguments: [
      (5, 0, 95, 1), (40, 0, 95, 0.5), (5, 94, 95, 0), (5, 300, 95, 0), (40, 9, 100, 0.25), (5, 31, 1024, 0.5),
      (5, 0, 0, 1), (0, 0, 1, 1),
    ] as [(Int, Int, Int, Double)])
  func theProbabilityFalls(_ parameters: Int, _ step: Int, _ steps: Int, _ expected: Double) {
    let probability = CandidateStep.probability(parameters: parameters, after: step, of: steps)
    #expect(abs(probability - expected) < 1e-14)
  }

  /// Three successes in a row double the step, five failures in a row halve it; it is never above the first one.
  @Test func theStepFollowsSuccess() {
    var step = CandidateStep(parameters: 3)
    step.learn(10, isStart: true)
    for _ in 0..<4 { step.learn(10, isStart: false) }
    #expect(step.size == 0.2)
    step.learn(nil, isStart: false)
    #expect(step.size == 0.1)
    for loss in [9.0, 8] { step.learn(loss, isStart: false) }
    step.learn(8, isStart: false)
    for loss in [7.0, 6, 5] {
      #expect(step.size == 0.1)
      step.learn(loss, isStart: false)
    }
    #expect(step.size == 0.2)
    for loss in [4.0, 3, 2] { step.learn(loss, isStart: false) }
    #expect(step.size == 0.2)
    for _ in 0..<5 * CandidateStep.mostHalvings { step.learn(2, isStart: false) }
    #expect(step.size == 0.2 / 64)
    for _ in 0..<5 { step.learn(2, isStart: false) }
    #expect(step.size == 0.2, "after the smallest step comes the largest")
    var patient = CandidateStep(parameters: 12)
    for _ in 0..<11 { patient.learn(nil, isStart: false) }
    #expect(patient.size == 0.2)
    patient.learn(nil, isStart: false)
    #expect(patient.size == 0.1)
  }

  /// Parameters change as often as the probability says, and never none.
  @Test func aShareOfTheParametersChanges() {
    let space = ParameterSpace((0..<8).map { levels("p\($0)", 21) })
    let centre = [Double](repeating: 10, count: 8)
    for (probability, mean) in [(1, 8.0), (0.5, 4.0), (0, 1)] as [(Double, Double)] {
      let points = Self.draw(0.2, probability, Self.log(space), at: centre)
      let changes = points.map { point in point.ranks.count { $0 != 10 } }
      let average = Double(changes.reduce(0, +)) / Double(changes.count)
      #expect(abs(average - mean) < 0.25, "\(average) for \(mean)")
      #expect(changes.min() ?? 0 >= 1)
    }
  }

  /// Changes are normal, of the size asked for, and reach every other category; none leaves its axis.
  @Test func changesHaveTheirSize() {
    for size in [0.2, 0.05] {
      let space = ParameterSpace([levels("a", 2001), levels("b", 2001)])
      let changes = Self.draw(size, 1, Self.log(space), at: [1000, 1000]).flatMap {
        $0.ranks.map { ($0 - 1000) / 2000 }
      }
      #expect(changes.count == 1000)
      let deviation = (changes.reduce(0) { $0 + $1 * $1 } / Double(changes.count)).squareRoot()
      #expect(abs(deviation / size - 1) < 0.1, "\(deviation) for \(size)")
    }
    let corner = Self.draw(0.2, 1, at: [0, 8, 2])
    #expect(corner.allSatisfy { $0[0] > 0 && $0[0] <= 40 && $0[1] < 8 && $0[1] >= 0 && $0[2] != 2 })
    #expect(Set(corner.map { $0[2] }) == [0, 1, 3, 4])
  }

  /// Few points are all candidates; where all around the centre have a trial, others are.
  @Test func whatIsLeftIsFound() {
    let small = ParameterSpace([levels("a", 20), levels("b", 20)])
    var log = Self.log(small)
    for a in 0..<20 { log.register(log.axes.point(of: RankedPoint([Double(a), 3]))) }
    let rest = Self.draw(0.2, 1, log, at: [3, 3])
    #expect(rest.count == 380 && Set(rest).count == 380 && rest.allSatisfy { $0[1] != 3 })
    var full = Self.log(ParameterSpace([levels("a", 60), levels("b", 60)]))
    for a in 0..<60 {
      for b in 0..<60 where a == 30 || b == 30 {
        full.register(full.axes.point(of: RankedPoint([Double(a), Double(b)])))
      }
    }
    let others = Self.draw(0.01, 0, full, at: [30, 30])
    #expect(others.count > 300 && others.allSatisfy { !full.hasSeen($0) })
  }

  /// Distances: 1 along a whole axis, ½ between two categories, and what is absent differs from all that is present.
  @Test func coordinatesMeasureDistances() {
    let space = ParameterSpace([
      Parameter(name: "kind", domain: .categories([.string("x"), .string("y"), .string("z")])), levels("one", 1),
      Parameter(
        name: "rate", domain: .realRange(minimum: 0, maximum: 1, scale: .linear),
        condition: Condition("kind", .oneOf([.string("z")]))),
      Parameter(name: "many", domain: .categories((0..<300).map { .integer($0) })),
    ])
    let axes = SurrogateAxes(AxisRanks(space))
    #expect(axes.dimension == 3 + 0 + 2 + 16)
    func distance(_ a: [Double], _ b: [Double]) -> Double {
      zip(axes.coordinates(of: a), axes.coordinates(of: b)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        .squareRoot()
    }
    // By name: kind, many, one, rate.
    #expect(space.parameters.map(\.name) == ["kind", "many", "one", "rate"])
    #expect(abs(distance([0, 7, 0, -1], [1, 7, 0, -1]) - 0.5) < 1e-12)
    #expect(abs(distance([2, 7, 0, 0], [2, 7, 0, AxisRanks.finest]) - 1) < 1e-12)
    #expect(distance([2, 7, 0, AxisRanks.finest / 2], [2, 7, 0, -1]) == 0.5)
    var squares = 0.0
    for one in 0..<300 {
      let other = distance([2, 0, 0, 5], [2, Double(one), 0, 5])
      if one > 0 { #expect(other > 0) }
      squares += other * other
    }
    #expect(abs((squares / 299).squareRoot() - 0.5) < 0.02)
  }

  /// The weight decides between what is low and what is far; of equals the first is taken.
  @Test func scoresMixValueAndDistance() {
    let answers: [(value: Double, distance: Double)] = [(2, 1), (4, 3), (3, 3), (2, 1)]
    #expect(SurrogateScores(answers, weight: 0.95).best(3) == [0, 3, 2])
    #expect(SurrogateScores(answers, weight: 0.3).best(2) == [2, 1])
    #expect(SurrogateScores(answers, weight: 0.5).values == [0.5, 0.5, 0.25, 0.5])
    #expect(SurrogateScores([(1, 1), (1, 1)], weight: 0.3).best(4) == [0, 1])
  }
}
