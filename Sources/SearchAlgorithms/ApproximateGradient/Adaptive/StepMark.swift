import SearchSpace

/// What the search must know of a trial's origin: where it belongs, and how it was made.
///
/// It is stored as the facts of the origin, so that a search that begins again reads it there.
struct StepMark: Sendable, Hashable {
  /// The run, from 0.
  var run: Int
  /// Whether it is a start of the run, not a step from its centre.
  var isStart: Bool
  /// The step size τ that it was made with.
  var step = 0.0
  /// The index of the trial that the centre moved to before it without a trial of its own.
  var movedTo: Int?
  /// How often the levels of ranges without a grid were doubled.
  var doublings = 0

  /// The names of the facts.
  enum Name {
    static let run = "restart"
    static let step = "step"
    static let movedTo = "moved_to"
    static let doublings = "doublings"
  }

  /// The kinds of steps.
  enum Kind {
    static let start = "start"
    static let step = "model_step"
  }

  /// A mark by its parts.
  init(run: Int, isStart: Bool, step: Double = 0, movedTo: Int? = nil, doublings: Int = 0) {
    self.run = run
    self.isStart = isStart
    self.step = step
    self.movedTo = movedTo
    self.doublings = doublings
  }

  /// The mark of a stored origin. A trial of another origin is a start of `run`.
  init(_ origin: Origin, run: Int, in log: LearningLog) {
    func number(_ name: String) -> Double? { origin.facts.first { $0.name == name }?.value.number }
    self.init(
      run: number(Name.run).map { Int($0) - 1 } ?? run, isStart: origin.kind != Kind.step, step: number(Name.step) ?? 0,
      movedTo: number(Name.movedTo).map { log.index(ofNumber: Int($0)) },
      doublings: number(Name.doublings).map { Int($0) } ?? 0)
  }
}
