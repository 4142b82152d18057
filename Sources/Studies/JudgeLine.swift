import PruningRules
import StudyDefinitions

/// The pruning rule of a study along its trials: each trial has a judge that knows the trials up to its horizon.
struct JudgeLine: Sendable {
  /// Knows the trials up to the last horizon.
  private var latest: PruningJudge
  /// What trials beyond that have ended with.
  private var ended: [Int: (curve: JudgedCurve, outcome: JudgedOutcome)] = [:]
  /// The judges of trials without an outcome.
  private var judges: [Int: PruningJudge] = [:]
  /// What callers have reported of trials that they run.
  private var curves: [Int: JudgedCurve] = [:]
  private let metric: String

  /// Begins before the first trial; nil where a definition asks for no pruning.
  init?(_ definition: ResolvedDefinition) {
    guard let pruning = definition.pruning else { return nil }
    guard
      let judge = PruningJudge(
        rule: pruning.rule, options: pruning.options, maximize: definition.goal == .maximize)
    else { preconditionFailure("the rule \(pruning.rule) was validated, and is gone from the catalogue") }
    latest = judge
    metric = definition.metric
  }

  /// A trial got its number, the next one; every trial up to its horizon has ended.
  mutating func begin(_ number: Int, horizon: Int) {
    while latest.horizon < horizon {
      let next = latest.horizon + 1
      let known = ended.removeValue(forKey: next)
      latest.observe(next, known?.curve ?? JudgedCurve(), outcome: known?.outcome ?? .unusable)
    }
    judges[number] = latest
  }

  /// A trial has an outcome. `curve`: its whole curve; nil where that is what a caller reported. A trial that repeats a
  /// point teaches nothing, and neither does one that was tried again by hand; it is judged no more.
  mutating func end(_ trial: Trial, _ curve: LearningCurve?, teaches: Bool = true) {
    let reported = curves.removeValue(forKey: trial.number)
    judges[trial.number] = nil
    guard trial.number > latest.horizon else { return }
    let outcome: JudgedOutcome =
      switch trial.state {
      case .completed where teaches && trial.replicate == 0: .completed
      case .pruned where teaches && trial.replicate == 0: .pruned
      case .completed, .pruned, .infeasible, .failed, .queued, .running, .stopped: .unusable
      }
    let known = outcome == .unusable ? nil : curve?.judged(by: metric) ?? reported
    ended[trial.number] = (known ?? JudgedCurve(), outcome)
  }

  /// The judge of a trial without an outcome; nil of one that repeats a point, which is never pruned.
  func judge(of trial: Trial) -> PruningJudge? { trial.replicate == 0 ? judges[trial.number] : nil }

  /// The rule with what it has observed, for what has no number yet.
  var guess: PruningJudge { latest }

  // MARK: What callers report

  /// A trial begins a new curve.
  mutating func restart(_ number: Int) { curves[number] = nil }

  /// Takes the curve that the holder of a trial has reported so far.
  mutating func resume(_ number: Int, _ curve: LearningCurve) { curves[number] = curve.judged(by: metric) }

  /// Adds what the holder of a trial reports, and gives the verdict on it.
  mutating func report(_ point: CurvePoint, of trial: Trial) -> PruningVerdict {
    guard let value = point.metrics[metric],
      curves[trial.number, default: JudgedCurve()].append(step: point.step, value: value),
      let curve = curves[trial.number], let judge = judge(of: trial)
    else { return .goOn }
    return judge.verdict(on: curve)
  }
}
