import SearchSpace

/// Which told trials a model looks at, where looking at all would cost too much.
enum TrialSelection {
  /// The most trials that a model knows, but for those that were told since it last chose them.
  static let most = 1000
  /// After how many told trials a model chooses anew which it knows.
  private static let choosesEvery = 50

  /// The trials that a model knows, ascending: all up to `most`; else the better half of these and a drawn half of the
  /// others, chosen at the last multiple of `choosesEvery`, and those told since. `losses` of a log orders its trials.
  static func known(_ log: LearningLog, seed: UInt64, losses: (LearningLog) -> [Double]) -> [Int] {
    guard log.told > most else { return Array(0..<log.told) }
    let chosenAt = log.told / choosesEvery * choosesEvery
    return trials(by: losses(log.known(chosenAt)), half: most / 2, seed: seed) + Array(chosenAt..<log.told)
  }

  /// All trials where they are at most 2 · `half`; else the `half` best and as many of the others, drawn. Ascending.
  ///
  /// Whether a trial is drawn depends on its index alone, so that most stay from one horizon to the next.
  static func trials(by losses: [Double], half: Int, seed: UInt64) -> [Int] {
    guard losses.count > 2 * half else { return Array(losses.indices) }
    let order = losses.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }
    let lots = KeyedGenerator(seed: seed, key: [SearchStream.Purpose.trialSelection.rawValue])
    let others = order.dropFirst(half).map { (lot: lots.integer(at: UInt64($0)), trial: $0) }.sorted { $0 < $1 }
    return (order.prefix(half) + others.prefix(half).map(\.trial)).sorted()
  }
}

extension SearchStream.Purpose {
  /// Which trials a model looks at where there are many; the draw's place is the trial's index.
  fileprivate static let trialSelection = SearchStream.Purpose(rawValue: 1003)
}
