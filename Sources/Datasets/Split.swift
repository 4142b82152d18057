/// Why labels cannot be split as asked.
public enum SplitError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A class has too few examples for every part to get one.
  case classTooSmall(label: Int, examples: Int, needed: Int)
  /// The shares are not above 0 or leave nothing for training.
  case badShares(holdout: Double, test: Double?)
  /// Fewer than two folds.
  case badFolds(Int)

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .classTooSmall(let label, let examples, let needed):
      return "Class \(label) has \(examples) examples, but this split needs at least \(needed) of every class."
    case .badShares(let holdout, let test):
      let shares = test.map { "\(holdout) and \($0)" } ?? "\(holdout)"
      return "The shares held out are \(shares), but each must be above 0 and together they must be below 1."
    case .badFolds(let count):
      return "There are \(count) folds, but at least 2 are needed."
    }
  }
}

/// Stratified splits: every class is spread as evenly as whole examples allow, and which example goes where is a
/// function of its key alone, so the same keys give the same split.
public enum Split {
  /// Indices of the examples of each part, ascending.
  public struct Holdout: Sendable, Hashable {
    /// What trains.
    public var training: [Int]
    /// What scores.
    public var validation: [Int]
    /// What the search never sees; empty where no share is kept for it.
    public var test: [Int]
  }

  /// Holds out about `share` of the examples for validation and about `test` for the end, at least one of every class
  /// in each part.
  public static func holdout(
    labels: [Int32], classes: Int, share: Double, test: Double? = nil, key: (Int) -> UInt64
  ) throws(SplitError) -> Holdout {
    let kept = test ?? 0
    guard share > 0, share < 1, test.map({ $0 > 0 }) ?? true, share + kept < 1 else {
      throw .badShares(holdout: share, test: test)
    }
    let needed = test == nil ? 2 : 3
    let groups = try drawn(labels: labels, classes: classes, needed: needed, key: key)
    var parts = Holdout(training: [], validation: [], test: [])
    for (group, (v, t)) in zip(groups, sizes(groups.map(\.count), share: share, test: test)) {
      parts.validation += group[..<v]
      parts.test += group[v..<(v + t)]
      parts.training += group[(v + t)...]
    }
    return Holdout(
      training: parts.training.sorted(), validation: parts.validation.sorted(), test: parts.test.sorted())
  }

  /// How many examples of each class score, given the sizes of the classes.
  public static func heldOut(ofClasses classes: [Int], share: Double, test: Double?) -> [Int] {
    sizes(classes, share: share, test: test).map(\.validation)
  }

  /// How many examples of each class are set aside, given the sizes of the classes.
  public static func setAside(ofClasses classes: [Int], share: Double) -> [Int] {
    zip(quotas(classes, share), classes).map { max(0, min($0, $1 - 1)) }
  }

  private static func sizes(_ classes: [Int], share: Double, test: Double?) -> [(validation: Int, test: Int)] {
    let validation = quotas(classes, share)
    let tests = test.map { quotas(classes, $0) } ?? classes.map { _ in 0 }
    return zip(classes, zip(validation, tests)).map { count, quota in
      var (v, t) = quota
      while v + t >= count, v + t > 0 { if v > t { v -= 1 } else { t -= 1 } }
      return (v, t)
    }
  }

  /// The examples of each of `count` folds, ascending; folds' sizes, and their shares of each class, differ by at most
  /// one.
  public static func folds(
    labels: [Int32], classes: Int, count: Int, key: (Int) -> UInt64
  ) throws(SplitError) -> [[Int]] {
    guard count >= 2 else { throw .badFolds(count) }
    let groups = try drawn(labels: labels, classes: classes, needed: count, key: key)
    var folds = [[Int]](repeating: [], count: count)
    // Dealing continues where the class before ended; else every remainder would fall to the first folds.
    for (position, example) in groups.joined().enumerated() { folds[position % count].append(example) }
    return folds.map { $0.sorted() }
  }

  /// The examples without about `share` of each class, at least one, and those set aside; both ascending.
  public static func settingAside(
    labels: [Int32], classes: Int, share: Double, key: (Int) -> UInt64
  ) throws(SplitError) -> (kept: [Int], aside: [Int]) {
    guard share > 0, share < 1 else { throw .badShares(holdout: share, test: nil) }
    let groups = try drawn(labels: labels, classes: classes, needed: 2, key: key)
    var (kept, aside): ([Int], [Int]) = ([], [])
    for (group, count) in zip(groups, setAside(ofClasses: groups.map(\.count), share: share)) {
      aside += group[..<count]
      kept += group[count...]
    }
    return (kept.sorted(), aside.sorted())
  }

  /// The examples of each class in the order of their keys.
  private static func drawn(
    labels: [Int32], classes: Int, needed: Int, key: (Int) -> UInt64
  ) throws(SplitError) -> [[Int]] {
    var groups = [[(key: UInt64, example: Int)]](repeating: [], count: classes)
    for (example, label) in labels.enumerated() { groups[Int(label)].append((key(example), example)) }
    for (label, group) in groups.enumerated() where group.count < needed {
      throw .classTooSmall(label: label, examples: group.count, needed: needed)
    }
    return groups.map { group in group.sorted { ($0.key, $0.example) < ($1.key, $1.example) }.map(\.example) }
  }

  /// How many of each class: `share` of all, rounded, dealt by largest remainder (Hamilton's method), at least one.
  private static func quotas(_ sizes: [Int], _ share: Double) -> [Int] {
    let exact = sizes.map { Double($0) * share }
    var quotas = exact.map { Int($0) }
    let total = Int((Double(sizes.reduce(0, +)) * share).rounded(.toNearestOrEven))
    let order = sizes.indices.sorted {
      (exact[$1] - Double(quotas[$1]), $0) < (exact[$0] - Double(quotas[$0]), $1)
    }
    for index in order.prefix(max(0, total - quotas.reduce(0, +))) { quotas[index] += 1 }
    return quotas.map { max(1, $0) }
  }
}
