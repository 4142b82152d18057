extension Importance {
  /// What the importances rest on.
  public struct Source: Sendable {
    /// How many trials of the study have completed.
    public var completed: Int
    /// Whether the search tried some parts of the space more than others.
    public var isUneven: Bool

    /// Names it.
    public init(completed: Int, isUneven: Bool) { (self.completed, self.isUneven) = (completed, isUneven) }
  }

  /// One or two plain sentences on what they rest on, and how far they can be relied on.
  public func sentence(_ source: Source) -> String {
    if isConstant { return "All \(points) points have the same value, so no parameter makes a difference." }
    switch method {
    case nil:
      return "Importances need at least \(Self.fewestPoints) different points with a value; "
        + (points == 1 ? "there is one." : "there are \(points).")
    case .exact:
      return "All \(points) points of the grid have a value, so the shares are exact."
    case .forest:
      let share = Int((100 * min(max(fit ?? 0, 0), 1)).rounded())
      var text = "A random forest was fitted to \(points) points"
      if trials < source.completed {
        text += ", from \(trials) of \(source.completed) completed trials that lie evenly over the study"
      }
      text += ". It explains \(share) % of the variance of points that it has not seen"
      text += share < 50 ? ", so the shares say little." : "."
      if source.isUneven {
        text += " The search tried some parts of the space more than others; where it tried little, the forest guesses."
      }
      return text
    }
  }
}
