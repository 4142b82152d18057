/// The prior of a Gaussian process's parameters, each normal on the logarithmic scale: ln ℓ of each axis, ln s², ln σ².
struct ProcessPrior: Sendable {
  /// By parameter.
  let means: [Double]
  /// By parameter.
  let deviations: [Double]

  /// The prior for some axes.
  init(_ axes: ProcessAxes) {
    self.init(
      means: axes.all.map { $0.isCategory ? 0 : -0.7 } + [0, -5], deviations: axes.all.map { _ in 0.7 } + [0.7, 1])
  }

  /// Normal distributions.
  init(means: [Double], deviations: [Double]) {
    self.means = means
    self.deviations = deviations
  }

  /// The parameters at the prior's mean.
  var mean: ProcessParameters { ProcessParameters(logarithms: means) }

  /// Parameters drawn near the mean: half a standard deviation times a normal draw each.
  func draw(_ stream: inout SearchStream) -> ProcessParameters {
    ProcessParameters(logarithms: means.indices.map { means[$0] + 0.5 * deviations[$0] * stream.normal() })
  }
}

/// The parameters of a Gaussian process.
struct ProcessParameters: Sendable, Hashable {
  /// ln ℓ of each axis, ln s², ln σ².
  var logarithms: [Double]

  /// 1 / ℓ² of an axis.
  func inverseSquaredLength(_ axis: Int) -> Double { Self.power(-2 * logarithms[axis]) }
  /// s².
  var amplitude: Double { Self.power(logarithms[logarithms.count - 2]) }
  /// σ².
  var noise: Double { Self.power(logarithms[logarithms.count - 1]) }

  private static func power(_ x: Double) -> Double { PlainMath.exp(min(max(x, -300), 300)) }
}

extension ProcessParameters {
  /// How often an update looks for a place that is likely enough.
  private static let mostTries = 30

  /// An update by elliptical slice sampling (Murray, Adams and MacKay 2010, PMLR 9:541–548): leaves the distribution
  /// "prior times likelihood" as it is. `likelihood` is that of these parameters, and then of the new ones.
  mutating func update(
    _ prior: ProcessPrior, likelihood: inout Double, _ stream: inout SearchStream,
    logLikelihood: (ProcessParameters) -> Double?
  ) {
    let other = prior.deviations.map { $0 * stream.normal() }
    let level = likelihood + PlainMath.log(1 - stream.uniform())
    // Angles in turns.
    var angle = stream.uniform()
    var (low, high) = (angle - 1, angle)
    for _ in 0..<Self.mostTries {
      let (cosine, sine) = PlainMath.cosineAndSine(turns: angle < 0 ? angle + 1 : angle)
      var moved = self
      for (place, mean) in prior.means.enumerated() {
        moved.logarithms[place] = mean + (logarithms[place] - mean) * cosine + other[place] * sine
      }
      if let found = logLikelihood(moved), found > level {
        (self, likelihood) = (moved, found)
        return
      }
      if angle < 0 { low = angle } else { high = angle }
      angle = low + (high - low) * stream.uniform()
    }
  }
}
