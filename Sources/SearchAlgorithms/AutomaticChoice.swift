import SearchSpace

/// `auto`: which algorithm a study gets where its definition names none.
///
/// `grid` where the budget covers it; else the first of `preferences` that the catalogue has and that suits the task.
/// `docs/study-definition.md` has the figures behind the order.
public enum AutomaticChoice {
  /// What people are told of it.
  public static let facts = AlgorithmFacts(
    name: AlgorithmFacts.automaticName, version: 1,
    summary: "Chooses an algorithm when the study is made: grid where the budget covers it, else what needs the fewest "
      + "trials for such a space and budget.",
    citation: "docs/study-definition.md has the rule, and the figures behind it.", options: [], usesBudget: true)

  /// An algorithm, from which version on it is meant, what it suits, and why it is taken.
  struct Preference: Sendable {
    var name: String
    var version = 1
    var suits: @Sendable (SearchTask) -> Bool = { _ in true }
    var reason: String
  }

  /// What measures best comes first; the last one suits every task.
  static let preferences = [
    Preference(
      name: "gaussian_process", suits: { $0.trials ?? .max <= 1000 && $0.parallelism <= 8 },
      reason: "It needs the fewest trials where there are at most 1000 of them and parallelism is at most 8."),
    Preference(
      name: "approximate_gradient", version: 2,
      reason: "It needs few trials, and its suggestions cost little however many trials there are."),
    Preference(name: "tpe", reason: "It needs fewer trials than random."),
    Preference(name: "random", reason: "The space cannot be covered, and random spreads its points evenly over it."),
  ]

  /// The choice for a task, from the algorithms of a catalogue.
  public static func choose(
    _ task: SearchTask, from catalogue: [AlgorithmFacts] = AlgorithmCatalogue.all.map(\.facts)
  ) -> AlgorithmChoice {
    if let size = task.space.gridSize, let trials = task.trials, size <= trials {
      return AlgorithmChoice(
        name: "grid", reason: "All \(size) points of the grid can be tried within \(trials) trials.")
    }
    let hasGrid = task.space.gridSize != nil
    let chosen = preferences.first { preference in
      preference.suits(task)
        && catalogue.contains {
          $0.name == preference.name && $0.version >= preference.version && (hasGrid || !$0.needsGrid)
        }
    }
    guard let chosen else { preconditionFailure("the catalogue has no random") }
    return AlgorithmChoice(name: chosen.name, reason: chosen.reason)
  }
}
