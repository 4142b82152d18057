import SearchAlgorithms

extension Suggestion {
  /// The fact that tells the horizon which the algorithm itself had, where trials are judged and so wait for more.
  private static let ownHorizon = "search_horizon"

  /// The suggestion with a later horizon; one of a search that `learns` keeps what it had seen, so that a replay shows it
  /// no more than that.
  func raised(to horizon: Int, learns: Bool) -> Suggestion {
    guard horizon > self.horizon else { return self }
    var raised = self
    raised.horizon = horizon
    if learns { raised.origin.facts.append(.init(Self.ownHorizon, .integer(self.horizon))) }
    return raised
  }

  /// The suggestion as the algorithm made it.
  var own: Suggestion {
    guard case .integer(let horizon)? = origin.facts.last(where: { $0.name == Self.ownHorizon })?.value else {
      return self
    }
    var own = self
    own.horizon = horizon
    own.origin.facts.removeAll { $0.name == Self.ownHorizon }
    return own
  }
}
