import SearchSpace

/// The options of the adaptive form.
struct AdaptiveOptions: Sendable {
  /// How the gradient is approximated.
  enum Gradient: String, Sendable, CaseIterable {
    /// A quadratic of all trials, weighted by their distance.
    case gaussianSmoothing = "gaussian_smoothing"
    /// A plane of all trials, weighted by their distance.
    case linearInterpolation = "linear_interpolation"
    /// A plane of the trials on the axes through the centre.
    case finiteDifference = "finite_difference"
  }

  /// The largest share of an axis that a step may go, unless the definition says otherwise.
  static let usualStep = 0.4

  var gradient: Gradient
  /// The step size τ₀ of every run.
  var step: Double
  /// Whether starts keep off the ends of axes, where optima are rare.
  var startsInside: Bool
  /// Whether every neighbour is tried before a run ends.
  var pollsAll: Bool
  /// Whether steps go on at the other end of an axis.
  var wraps: Bool
  /// How many runs there are, the first included.
  var restarts: Int

  /// Reads what the definition says; the rest has its default.
  init(_ options: [String: ParameterValue]) {
    func text(_ name: String) -> String? { if case .string(let text)? = options[name] { text } else { nil } }
    gradient = text("gradient").flatMap(Gradient.init) ?? .gaussianSmoothing
    step = options["step"]?.number ?? Self.usualStep
    startsInside = text("start") != "uniform"
    pollsAll = text("poll") == "complete"
    wraps = text("edges") == "wrap"
    if case .integer(let limit)? = options["restarts"] { restarts = limit } else { restarts = .max }
  }
}
