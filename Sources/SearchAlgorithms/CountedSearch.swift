import SearchSpace

/// A search that counts: the point of a trial depends on its number, and on no outcome.
///
/// A rebuild needs only the highest number. One that passes over points that it met may then suggest a point of an earlier
/// trial; the caller finds that out, rebuilds it and registers every trial.
public protocol CountedSearch: SearchAlgorithm {
  /// The kind of step, for people: `Origin.kind` of every suggestion.
  static var kind: String { get }

  /// The point of the search's own suggestion `number`, from 1, asked for in any order; nil where there are no more. Points
  /// that have a trial already are passed over by the caller.
  func point(_ number: Int) -> Point?
}

extension CountedSearch {
  public func propose(_ number: Int) -> Proposal {
    guard let point = point(number) else { return .exhausted(.spaceExhausted) }
    return .suggestion(Suggestion(point: point, horizon: 0, origin: Origin(kind: Self.kind)))
  }

  /// Nothing to record: the number says it all.
  public mutating func register(_ number: Int, _ suggestion: Suggestion) {}

  /// Nothing to record: the caller counts the search's own suggestions alone.
  public mutating func admit(_ number: Int, _ point: Point) {}

  /// No outcome decides anything.
  public mutating func observe(_ number: Int, _ outcome: ObservedOutcome) {}
}
