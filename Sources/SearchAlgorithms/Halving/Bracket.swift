/// One pass of successive halving: how many configurations start, on which rung, and how many are left on each above.
struct Bracket: Sendable, Hashable {
  /// The most configurations that start together, since a bracket is kept in memory.
  static let mostStarts = 10_000
  /// How many trials brackets are made for where no number bounds the study.
  static let unboundedTrials = 1000

  /// The place of the first rung, from 0 for the lowest.
  var first: Int
  /// How many configurations start.
  var starts: Int

  /// nᵢ = ⌊n · η⁻ⁱ⌋, and at least 1: how many of `starts` are left `step` rungs above the first.
  static func size(_ starts: Int, at step: Int, eta: Int) -> Int {
    var size = starts
    for _ in 0..<step { size /= eta }
    return max(1, size)
  }

  /// How many trials it has, up to the highest of `rungs` rungs.
  func trials(rungs: Int, eta: Int) -> Int {
    (0..<rungs - first).reduce(0) { $0 + Self.size(starts, at: $1, eta: eta) }
  }

  /// The bracket of successive halving (Jamieson and Talwalkar 2016): the most rungs, and then the most configurations, for
  /// which one pass fits `budget` trials and one configuration is left on the highest.
  ///
  /// Where no number bounds the study, as few configurations as these rungs need.
  static func successiveHalving(rungs: Int, eta: Int, configurations: Int, budget: Int?) -> Bracket {
    let limit = budget ?? unboundedTrials
    let most = min(configurations, mostStarts)
    func bracket(_ starts: Int, _ steps: Int) -> Bracket { Bracket(first: rungs - 1 - steps, starts: starts) }
    var (steps, starts) = (0, 1)
    while steps + 1 < rungs, starts <= most / eta,
      bracket(starts * eta, steps + 1).trials(rungs: rungs, eta: eta) <= limit
    {
      (steps, starts) = (steps + 1, starts * eta)
    }
    guard budget != nil else { return bracket(starts, steps) }
    var above = most + 1
    while above - starts > 1 {
      let middle = starts + (above - starts) / 2
      if bracket(middle, steps).trials(rungs: rungs, eta: eta) <= limit { starts = middle } else { above = middle }
    }
    return bracket(starts, steps)
  }

  /// The brackets of one pass of Hyperband (Li et al. 2018), the one with the most rungs first.
  ///
  /// n = ⌊(s_max + 1)/(s + 1)⌋ · ηˢ for s = s_max, …, 0, as table 1 of the paper has it (its pseudocode rounds the product up
  /// instead). s_max is the number of rungs less one, or what is less: the largest for which a pass fits `budget` trials, and
  /// for which there are enough configurations to leave one on the highest rung.
  static func hyperband(rungs: Int, eta: Int, configurations: Int, budget: Int?) -> [Bracket] {
    let limit = budget ?? unboundedTrials
    let most = min(configurations, mostStarts)
    var pass = [Bracket(first: rungs - 1, starts: 1)]
    var power = 1
    for last in 1..<max(rungs, 1) {
      guard power <= most / eta else { break }
      power *= eta
      var power = power
      let longer = (0...last).reversed().map { steps in
        defer { power /= eta }
        return Bracket(first: rungs - 1 - steps, starts: min(most, (last + 1) / (steps + 1) * power))
      }
      guard longer.reduce(0, { $0 + $1.trials(rungs: rungs, eta: eta) }) <= limit else { break }
      pass = longer
    }
    return pass
  }
}
