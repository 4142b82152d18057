/// How many finished trials in a row did not better the best, counted by number over the prefix whose outcomes are all
/// final: so it does not depend on how the trials were run.
struct StallRun: Sendable {
  private let maximize: Bool
  /// Every trial up to here has an outcome.
  private var prefix = 0
  /// The outcomes beyond the prefix; nil inside for one without a value.
  private var beyond: [Int: Double?] = [:]
  private var best: Double?
  /// How many trials of the prefix followed the one that was best first.
  private(set) var count = 0

  /// Begins before the first trial.
  init(maximize: Bool) { self.maximize = maximize }

  /// A trial got its outcome; `value`: the objective, nil where it has none.
  mutating func add(_ number: Int, value: Double?) {
    guard number > prefix else { return }
    beyond[number] = .some(value)
    while let value = beyond.removeValue(forKey: prefix + 1) {
      prefix += 1
      if let value, best.map({ maximize ? value > $0 : value < $0 }) ?? true {
        best = value
        count = 0
      } else {
        count += 1
      }
    }
  }
}
