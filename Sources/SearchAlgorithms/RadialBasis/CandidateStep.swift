/// How far candidates lie from the best point: the step is halved after failures and doubled after successes (Regis and
/// Shoemaker 2013, doi:10.1080/0305215X.2012.687731).
struct CandidateStep: Sendable, Hashable {
  /// The largest step: the standard deviation of a change, as a share of an axis.
  static let largest = 0.2
  /// After as many halvings the next one makes the step the largest again.
  static let mostHalvings = 6
  /// After as many successes in a row the step is doubled.
  private static let successes = 3

  /// After how many failures in a row the step is halved.
  private let patience: Int
  private var halvings = 0
  private var failed = 0
  private var succeeded = 0
  /// The least loss so far; nil: none.
  private var best: Double?

  /// The step before the first outcome, with this many parameters to change.
  init(parameters: Int) { patience = max(parameters, 5) }

  /// The standard deviation of a change, as a share of an axis.
  var size: Double { Self.largest / Double(1 << halvings) }

  /// Takes in the loss of the next trial; nil where it has none. A start is neither a success nor a failure.
  mutating func learn(_ loss: Double?, isStart: Bool) {
    let isBetter = loss.map { $0 < best ?? .infinity } ?? false
    if isBetter { best = loss }
    if isStart { return }
    succeeded = isBetter ? succeeded + 1 : 0
    failed = isBetter ? 0 : failed + 1
    if succeeded == Self.successes {
      succeeded = 0
      halvings = max(0, halvings - 1)
    }
    if failed == patience {
      failed = 0
      halvings = halvings == Self.mostHalvings ? 0 : halvings + 1
    }
  }

  /// min(20 / d, 1) · (1 − ln(n + 1) / ln N): how likely a candidate changes a parameter, of d, after n of N steps; from 0 to 1.
  static func probability(parameters: Int, after step: Int, of steps: Int) -> Double {
    let first = min(20 / Double(max(parameters, 1)), 1)
    guard steps > 1 else { return first }
    return first * max(0, 1 - PlainMath.log(Double(step + 1)) / PlainMath.log(Double(steps)))
  }
}
