import SearchSpace

/// A rule with what it has observed up to a trial's horizon.
///
/// A copy is independent of the original and shares memory with it until one of them changes.
public struct PruningJudge: Sendable {
  private var rule: any PruningRule
  /// The number of the last trial that it knows of; 0 where it knows of none.
  public private(set) var horizon = 0

  /// Makes a judge by a rule.
  public init(_ rule: any PruningRule) { self.rule = rule }

  /// Makes a judge by the rule of a name with all its options, before trial 1; nil where there is no such rule.
  public init?(rule name: String, options: [String: ParameterValue], maximize: Bool) {
    guard let description = PruningCatalogue.named(name) else { return nil }
    self.init(description.make(PruningContext(maximize: maximize, options: options)))
  }

  /// Records the reports of trial `number` and how it ended; numbers rise.
  public mutating func observe(_ number: Int, _ curve: JudgedCurve, outcome: JudgedOutcome) {
    precondition(number > horizon, "trial \(number) was observed after trial \(horizon)")
    horizon = number
    rule.observe(curve, outcome: outcome)
  }

  /// The verdict on the last report of a curve whose earlier reports were judged before.
  public func verdict(on curve: JudgedCurve) -> PruningVerdict { rule.verdict(on: curve) }

  /// The first verdict that ends the trial, the reports taken one by one; `goOn` where none does.
  public func firstVerdict(in curve: JudgedCurve) -> PruningVerdict { rule.firstVerdict(in: curve) }
}
