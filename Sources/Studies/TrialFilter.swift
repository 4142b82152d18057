/// Which trials to list, and in what order.
public struct TrialFilter: Sendable, Hashable {
  /// The order of a list of trials.
  public enum Order: String, Sendable, Hashable {
    /// By number, ascending.
    case number
    /// Best value first, trials without a value last, equal ones by number.
    case value
  }
  /// These states; empty means all.
  public var states: Set<TrialState> = []
  public var order: Order = .number
  /// Whether the highest number comes first (for `order` number).
  public var isDescending = false
  /// Whether larger values are better (for `order` value).
  public var maximize = true
  /// Makes a query for all trials by number.
  public init() {}
}

/// Where the next page of trials begins.
public struct TrialKey: Sendable, Hashable {
  public var number: Int
  /// The value of that trial, for `order` value; nil where it has none.
  public var value: Double?
  /// Makes a key.
  public init(number: Int, value: Double?) {
    self.number = number
    self.value = value
  }
}
