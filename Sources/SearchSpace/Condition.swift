/// What another parameter's value must be for a parameter to be present.
public struct Condition: Sendable, Hashable {
  /// The values that meet a condition.
  public enum Requirement: Sendable, Hashable {
    /// Numbers from this one up.
    case atLeast(Double)
    /// Numbers up to this one.
    case atMost(Double)
    /// One of these.
    case oneOf([ParameterValue])
  }

  /// The name of the parameter that decides.
  public var parameter: String
  /// Which of its values meet the condition.
  public var requirement: Requirement

  /// Makes a condition.
  public init(_ parameter: String, _ requirement: Requirement) {
    self.parameter = parameter
    self.requirement = requirement
  }

  /// Whether a value of the deciding parameter meets it; nil, which is where that parameter is absent itself, never does.
  public func isMet(by value: ParameterValue?) -> Bool {
    guard let value else { return false }
    switch requirement {
    case .atLeast(let bound): return value.number.map { $0 >= bound } ?? false
    case .atMost(let bound): return value.number.map { $0 <= bound } ?? false
    case .oneOf(let values):
      guard let number = value.number else { return values.contains(value) }
      return values.contains { $0.number == number }
    }
  }
}

extension Condition {
  /// Levels of a domain in a row that all meet the same ones of some conditions.
  struct Run: Sendable {
    /// The index of the first level.
    var first: UInt64
    /// How many levels there are.
    var count: UInt64
    /// The places of the conditions that they meet, ascending.
    var met: [Int]
  }

  /// The runs of a domain that has levels, in their order. O(levels · conditions) of a list; of an integer range
  /// O(conditions²), however long it is.
  static func runs(of domain: Parameter.Domain, by conditions: [Condition]) -> [Run] {
    let count = domain.levelCount ?? 0
    var starts: [UInt64] = [0]
    if case .integerRange(let minimum, let maximum, _) = domain {
      // The levels at which a condition may begin or end to be met.
      let changes = conditions.flatMap { $0.changes }.filter { $0 > Double(minimum) && $0 <= Double(maximum) }
      starts += Set(changes).sorted().map { UInt64(Int($0) - minimum) }
    } else {
      starts += (0..<count).dropFirst()
    }
    var runs: [Run] = []
    for (place, first) in starts.enumerated() {
      let end = place + 1 < starts.count ? starts[place + 1] : count
      let value = domain.level(at: first)
      let met = conditions.indices.filter { conditions[$0].isMet(by: value) }
      if let last = runs.indices.last, runs[last].met == met {
        runs[last].count += end - first
      } else {
        runs.append(Run(first: first, count: end - first, met: met))
      }
    }
    return runs
  }

  /// The integers from which on the condition may be met or not, other than for the one before.
  private var changes: [Double] {
    switch requirement {
    case .atLeast(let bound): [bound.rounded(.up)]
    case .atMost(let bound): [bound.rounded(.down) + 1]
    case .oneOf(let values): values.compactMap(\.number).flatMap { [$0.rounded(.up), $0.rounded(.down) + 1] }
    }
  }
}
