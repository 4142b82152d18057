import NumericKernels

/// Which of some points is expected to improve most on the best told one, by all samples of a chain together.
struct ProcessChoice {
  /// A sample with the factor over told and pending points, and L⁻¹ of the targets.
  struct Model {
    let covariance: ProcessCovariance
    let factor: Cholesky
    /// L⁻¹ of the targets: as many as trials are told.
    let weights: [Double]
  }

  /// What is expected of a point.
  struct Expectation {
    /// Its place among the points.
    let place: Int
    /// The mean over the samples, the bowl added again.
    let mean: Double
    /// The mean of the samples' standard deviations.
    let deviation: Double
    /// What points are compared by: the logarithm of the expected improvement, summed over the samples.
    let score: Double
  }

  /// How much better than the best a point has to be to count as an improvement.
  private static let margin = 0.03
  private let axes: ProcessAxes
  private let ranked: AxisRanks
  private let best: Double
  private let known: ProcessPoints
  private let models: [Model]

  /// The choice at a log's told trials, whose targets are given. Points that are pending join the told ones in the factor:
  /// their values are taken to be their own means, so they change the deviations alone.
  init(_ chain: ProcessChain, _ axes: ProcessAxes, _ log: LearningLog, _ targets: ProcessTargets) {
    var known = chain.points
    for trial in log.told..<log.count { known.append(log.ranks(of: trial), on: axes) }
    let values = chain.trials.map { targets.values[$0] }
    self.axes = axes
    ranked = log.axes
    best = targets.best
    self.known = known
    models = chain.particles.compactMap { particle in
      guard let covariance = particle.model?.covariance, var factor = particle.model?.factor else { return nil }
      guard covariance.append(known, to: &factor) else { return nil }
      return Model(covariance: covariance, factor: factor, targets: values)
    }
  }

  /// The points in the order of their scores, the best first; of equal ones the first first. At most `count` of them.
  func ranking(of candidates: [RankedPoint], _ count: Int, _ stream: inout SearchStream) -> [Expectation] {
    let expected = expectations(of: candidates, &stream)
    return expected.sorted { (-$0.score, $0.place) < (-$1.score, $1.place) }.prefix(count).map { $0 }
  }

  /// The best of the points; of equal ones the first. Nil where there is none.
  func best(of candidates: [RankedPoint], _ stream: inout SearchStream) -> Expectation? {
    var best: Expectation?
    for expectation in expectations(of: candidates, &stream) where best.map({ expectation.score > $0.score }) ?? true {
      best = expectation
    }
    return best
  }

  /// What is expected of each point.
  private func expectations(of candidates: [RankedPoint], _ stream: inout SearchStream) -> [Expectation] {
    var queries = ProcessPoints()
    for candidate in candidates { queries.append(candidate.ranks, on: axes) }
    let bowls = candidates.map { ProcessTargets.bowl($0.ranks, on: ranked) }
    let samples = models.map { $0.predict(queries, knowing: known) }
    let count = Double(max(samples.count, 1))
    return candidates.indices.map { place in
      let jitter = 1e-7 * stream.uniform()
      let logarithms = samples.map {
        ExpectedImprovement.logarithm(
          of: best - Self.margin - ($0[place].mean + bowls[place]), deviation: $0[place].deviation)
      }
      // ln Σ eᵃ = top + ln Σ e^(a − top)
      let top = logarithms.max() ?? 0
      let sum = logarithms.reduce(0.0) { $0 + PlainMath.exp($1 - top) }
      return Expectation(
        place: place, mean: samples.reduce(0) { $0 + $1[place].mean } / count + bowls[place],
        deviation: samples.reduce(0) { $0 + $1[place].deviation } / count,
        score: top + (samples.isEmpty ? 0 : PlainMath.log(sum)) + jitter)
    }
  }
}

extension ProcessChoice.Model {
  /// Points of which the covariances are computed at once.
  private static let block = 32

  /// The factor over told points, then pending ones, and the targets of the told.
  init(covariance: ProcessCovariance, factor: Cholesky, targets: [Double]) {
    self.init(covariance: covariance, factor: factor, weights: factor.solveLower(targets))
  }

  /// Mean and standard deviation at each point, the noise of a measurement not counted.
  func predict(_ queries: ProcessPoints, knowing known: ProcessPoints) -> [(mean: Double, deviation: Double)] {
    let count = known.count
    var predictions: [(mean: Double, deviation: Double)] = []
    predictions.reserveCapacity(queries.count)
    var numbers = [Double](repeating: 0, count: count * Self.block)
    for first in stride(from: 0, to: queries.count, by: Self.block) {
      let columns = min(Self.block, queries.count - first)
      numbers.withUnsafeMutableBufferPointer { numbers in
        guard let base = numbers.baseAddress else { return }
        for column in 0..<columns {
          covariance.row(
            of: first + column, in: queries, with: known, count: count, into: base + column * count)
        }
        factor.solveLower(inPlace: .init(rebasing: numbers[..<(columns * count)]), columns: columns)
        for column in 0..<columns {
          let solved = base + column * count
          var (mean, variance) = (0.0, covariance.variance)
          for (place, weight) in weights.enumerated() { mean += solved[place] * weight }
          for place in 0..<count { variance -= solved[place] * solved[place] }
          predictions.append((mean, max(variance, 1e-10).squareRoot()))
        }
      }
    }
    return predictions
  }
}
