import SearchSpace

/// The search of the project's paper, in its own form and in an adaptive one.
enum ApproximateGradient {
  static let description = AlgorithmDescription(
    AlgorithmFacts(
      name: "approximate_gradient", version: 2,
      summary:
        "Fits a smoothed quadratic to what is known around the best point of a run, and tries where it is lowest; "
        + "the step shrinks on failure, and the next run starts far away. Or the paper's own form: every neighbour.",
      citation:
        "L. Mahto and A. Chauhan, An approximate gradient based hyper-parameter optimization in a neural network "
        + "architecture; with the mesh of C. Audet and J. E. Dennis, Mesh adaptive direct search algorithms for constrained "
        + "optimization, SIAM Journal on Optimization 17 (2006) 188–217, doi:10.1137/040603371, and the smoothing of "
        + "W. S. Cleveland, Robust locally weighted regression and smoothing scatterplots, Journal of the American "
        + "Statistical Association 74 (1979) 829–836, doi:10.1080/01621459.1979.10481038.",
      options: [preset, gradient, step, start, poll, edges, restarts],
      forms: [
        AlgorithmForm(option: "preset", value: "paper", version: 1, options: ["restarts"], needsGrid: true)
      ]),
    repeatsPoints: false, coversSpace: true
  ) { context in
    if context.options["preset"] == .string("paper") { return PaperGradient(context) }
    return HorizonSearch<AdaptiveGradient>(context)
  }

  private static let preset = choice(
    "preset", ["adaptive", "paper"],
    "The form of the search: adaptive fits a model and steps to where it is lowest; paper polls every neighbour and moves "
      + "to the best, and takes no other option than restarts.")
  private static let gradient = choice(
    "gradient", AdaptiveOptions.Gradient.allCases.map(\.rawValue),
    "How the gradient is approximated: gaussian_smoothing fits a quadratic to all trials, near ones weighing more; "
      + "linear_interpolation a plane; finite_difference a plane to those on the axes through the centre.")
  private static let start = choice(
    "start", ["inner", "uniform"],
    "Where runs start: inner keeps off the ends of axes, and believes that optima do; uniform takes every level alike.")
  private static let poll = choice(
    "poll", ["partial", "complete"],
    "What ends a run: partial, six steps to neighbours without progress; complete, every neighbour tried.")
  private static let edges = choice(
    "edges", ["stop", "wrap"], "What lies beyond the ends of an ordered axis: stop, nothing; wrap, its other end.")
  private static let step = ParameterDescription(
    name: "step", kind: .real(minimum: 0.01, maximum: 1, minimumExclusive: false, maximumExclusive: false),
    defaultValue: .real(AdaptiveOptions.usualStep),
    help: "How far a run's first steps may go: the share of each axis, either way.", tunable: false)
  private static let restarts = ParameterDescription(
    name: "restarts", kind: .integer(minimum: 1, maximum: 1_000_000), defaultValue: nil,
    help: "How many runs, the first included; if left out, runs follow until the budget or the points are used up.",
    tunable: false)

  /// An option that is one of some words, the first by default.
  private static func choice(_ name: String, _ words: [String], _ help: String) -> ParameterDescription {
    ParameterDescription(
      name: name, kind: .categorical(words), defaultValue: .string(words[0]), help: help, tunable: false)
  }
}
