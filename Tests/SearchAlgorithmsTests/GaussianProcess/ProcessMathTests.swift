import NumericKernels
import SearchSpace
import Testing

@testable import SearchAlgorithms

/// The arithmetic of `gaussian_process`, held against values that were computed with NumPy and mpmath.
@Suite struct ProcessMathTests {
  @Test func matern() {
    let expected = [(0.0, 1.0), (0.1, 0.9917592361711776), (1, 0.5239941088318203), (2.5, 0.06351021454894375)]
    for (r, value) in expected { #expect(abs(Matern.value(squared: r * r) - value) < 2e-15) }
    #expect(abs(Matern.value(squared: 100) / 3.6956962220528686e-08 - 1) < 1e-13)
    #expect(Matern.value(squared: Matern.farthest) < 1e-290)
  }

  @Test func expectedImprovement() {
    let expected = [
      (-1000.0, -500014.734452091158), (-37.5, -711.294748447512722), (-8, -37.122364261692633),
      (-3.2, -8.59382156716734345), (-3, -7.86968605960302852), (-2.9, -7.52084649288787322),
      (-1, -2.48512102571264134), (-0.001, -0.920192132769726437), (0, -0.918938533204672742),
      (0.5, -0.359827683745063819), (2.9, 1.06489750363619842), (3.1, 1.13148831716084088),
      (8, 2.07944154167983594), (1000, 6.90775527898213705),
    ]
    for (u, value) in expected {
      #expect(abs(ExpectedImprovement.logarithm(of: u) - value) < 1e-12 * max(1, abs(value)), "u = \(u)")
      let scaled = ExpectedImprovement.logarithm(of: 4 * u, deviation: 4)
      #expect(abs(scaled - value - 1.3862943611198906) < 1e-12 * max(1, abs(value)))
    }
  }

  /// Five levels, a range without a grid under a condition, three categories, and an axis that says nothing.
  static let axes = AxisRanks(
    ParameterSpace([
      levels("a", 5),
      Parameter(
        name: "b", domain: .realRange(minimum: 0, maximum: 1, scale: .linear), condition: Condition("c", .oneOf([]))),
      Parameter(name: "c", domain: .categories([.string("x"), .string("y"), .string("z")])), levels("d", 1),
    ]))

  static let parameters = ProcessParameters(logarithms: [-0.5, 0.2, -1, 0.3, -3])

  static func points(_ ranks: [[Double]]) -> ProcessPoints {
    var points = ProcessPoints()
    for rank in ranks { points.append(rank, on: ProcessAxes(axes)) }
    return points
  }

  static let four = points([
    [0, 0x1p22, 0, 0], [3, 0x1p23, 2, 0], [4, 0x1p24, 2, 0], [1, -1, 1, 0],
  ])

  @Test func covariances() {
    let axes = ProcessAxes(Self.axes)
    #expect(axes.listed.map(\.place) == [0, 2] && axes.measured.map(\.place) == [1])
    let covariance = ProcessCovariance(Self.parameters, on: axes)
    var row = [Double](repeating: 0, count: 3)
    row.withUnsafeMutableBufferPointer {
      covariance.row(of: 3, in: Self.four, with: Self.four, count: 3, into: $0.baseAddress!)
    }
    for (found, expected) in zip(row, [1.4709232627485362, 1.3954168946978311, 1.3138441783468222]) {
      #expect(abs(found - expected) < 1e-14)
    }
    #expect(abs(covariance.variance - 2.349858807576003) < 1e-14)
    #expect(abs(covariance.noise - 0.04978706836786395 - 1e-8) < 1e-14)
  }

  @Test func likelihood() throws {
    let covariance = ProcessCovariance(Self.parameters, on: ProcessAxes(Self.axes))
    let factor = try #require(covariance.factor(Self.four))
    #expect(abs(factor.logNormalDensity(of: [0.3, -1.1, 0.4, 0.9]) + 5.845476289872218) < 1e-12)
  }

  /// Three numbers told, the fourth pending: it narrows the deviation and leaves the mean.
  @Test func predictions() throws {
    let covariance = ProcessCovariance(Self.parameters, on: ProcessAxes(Self.axes))
    let query = Self.points([[2, 0.75 * 0x1p24, 1, 0]])
    for (count, deviation) in [(3, 0.9539763242831937), (4, 0.8987261163390003)] {
      var known = ProcessPoints()
      for ranks in [[0, 0x1p22, 0, 0], [3, 0x1p23, 2, 0], [4, 0x1p24, 2, 0], [1, -1, 1, 0]].prefix(count) {
        known.append(ranks, on: ProcessAxes(Self.axes))
      }
      let factor = try #require(covariance.factor(known))
      let model = ProcessChoice.Model(covariance: covariance, factor: factor, targets: [0.3, -1.1, 0.4])
      let found = model.predict(query, knowing: known)
      #expect(found.count == 1 && abs(found[0].mean + 0.25914604634157457) < 1e-13)
      #expect(abs(found[0].deviation - deviation) < 1e-13)
    }
  }

  /// Prior N(0, 1) and likelihood N(1; θ, ½²): the posterior is N(0.8, 0.2).
  @Test func sliceSamplingDrawsFromThePosterior() {
    let prior = ProcessPrior(means: [0], deviations: [1])
    let logLikelihood = { (parameters: ProcessParameters) -> Double? in
      -2 * (parameters.logarithms[0] - 1) * (parameters.logarithms[0] - 1)
    }
    var stream = SearchStream(seed: 4, purpose: .particle(0))
    var parameters = prior.mean
    var likelihood = -2.0
    let samples = (0..<20_000).map { _ in
      parameters.update(prior, likelihood: &likelihood, &stream, logLikelihood: logLikelihood)
      return parameters.logarithms[0]
    }
    let mean = samples.reduce(0, +) / 20_000
    let variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean - 0.8) < 0.015 && abs(variance - 0.2) < 0.012, "\(mean), \(variance)")
    #expect(likelihood == logLikelihood(parameters))
    // Where nothing is likely the parameters stay.
    let before = parameters
    parameters.update(prior, likelihood: &likelihood, &stream) { _ in nil }
    #expect(parameters == before)
  }

  @Test func targets() {
    var log = LearningLog(axes: AxisRanks(ParameterSpace([levels("a", 3), levels("b", 2)])), maximize: true)
    for (a, b) in [(0, 0), (1, 0), (4, 1)] { log.register(Point(["a": .integer(a), "b": .integer(b)])) }
    for value in [1.0, 4, 2] { log.observe(.completed(value: value)) }
    let targets = ProcessTargets(log)
    // Losses −1, −4, −2: b = −4, s = −4 − −4 → (−1 + 4) / 4 = ¾; z = ln 5, 0, ln 11/3.
    let z = [1.6094379124341003, 0, 1.2992829841302609]
    let mean = z.reduce(0, +) / 3
    let deviation = (z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
    for trial in 0..<3 {
      #expect(abs(targets.losses[trial] - (z[trial] - mean) / deviation) < 1e-14)
      // The bowl: of a 1, 0, 1; of b 1; their mean times 0.4.
      #expect(abs(targets.losses[trial] - targets.values[trial] - [0.4, 0.2, 0.4][trial]) < 1e-15)
    }
    #expect(targets.best == targets.losses[1] && targets.best(2) == [1, 2])
  }
}
