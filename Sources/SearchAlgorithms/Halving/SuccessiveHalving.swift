import SearchSpace

/// Many configurations on a low rung; of each rung the best part goes on to the next.
enum SuccessiveHalving {
  static let description = AlgorithmDescription(
    AlgorithmFacts(
      name: "successive_halving", version: 1,
      summary: "Tries many points with few iterations, or little of another resource, and gives the best of them more, "
        + "rung by rung.",
      citation: "K. Jamieson and A. Talwalkar, Non-stochastic best arm identification and hyperparameter optimization, "
        + "AISTATS 2016, Proceedings of Machine Learning Research 51, 240–248.",
      options: HalvingSearch.options, usesBudget: true),
    repeatsPoints: false, coversSpace: false
  ) { context in
    HalvingSearch(context) {
      [.successiveHalving(rungs: $0, eta: $1, configurations: $2, budget: context.budget)]
    }
  }
}
