import SearchSpace

/// Successive halving again and again, from many configurations that get little to few that get all at once.
enum Hyperband {
  static let description = AlgorithmDescription(
    AlgorithmFacts(
      name: "hyperband", version: 1,
      summary: "Successive halving in brackets, from many points with little of the resource to few points with all of "
        + "it.",
      citation: "L. Li, K. Jamieson, G. DeSalvo, A. Rostamizadeh and A. Talwalkar, Hyperband: a novel bandit-based "
        + "approach to hyperparameter optimization, Journal of Machine Learning Research 18 (2018) 185:1–52.",
      options: HalvingSearch.options, usesBudget: true),
    repeatsPoints: false, coversSpace: false
  ) { context in
    HalvingSearch(context) { Bracket.hyperband(rungs: $0, eta: $1, configurations: $2, budget: context.budget) }
  }
}
