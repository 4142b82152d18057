import Foundation

extension Comparison {
  /// How many algorithms the sentence names beside the leading one, at most.
  private static let mostNamed = 6

  /// What came of it, in one plain sentence: the algorithm with the best rank beside all others.
  public var detail: String {
    guard results.count > 1 else { return "There is one algorithm, and nothing to compare it with." }
    let ranked = results.filter { $0.rank != nil }
    guard let leader = ranked.min(by: { ($0.rank ?? 0) < ($1.rank ?? 0) }) else {
      return hasEnded
        ? "The algorithms have no seed in common, so that they cannot be compared."
        : "No seed has ended with every algorithm."
    }
    let own = tests.filter { $0.first == leader.name || $0.second == leader.name }
    var clauses = own.filter(\.tellsApart).prefix(Self.mostNamed).map(Self.clause)
    let alike = own.filter { !$0.tellsApart }.map { $0.first == leader.name ? $0.second : $0.first }
    if !alike.isEmpty { clauses.append("\(leader.name) cannot be told apart from \(Self.list(alike))") }
    let text = clauses.joined(separator: "; ") + "."
    return (hasEnded ? "" : "Of the seeds that have ended: ") + text
  }

  private static func clause(_ test: Test) -> String {
    let isFirst = test.firstBetter > test.secondBetter
    let (better, worse) = isFirst ? (test.first, test.second) : (test.second, test.first)
    let count = max(test.firstBetter, test.secondBetter)
    return "\(better) found better points than \(worse) in \(count) of \(test.seeds) seeds (\(shown(test.corrected)))"
  }

  private static func shown(_ p: Double) -> String {
    p < 0.001 ? "p < 0.001" : "p = " + String(format: "%.3f", p)
  }

  private static func list(_ names: [String]) -> String {
    var shown = names
    if names.count > mostNamed + 1 { shown = names.prefix(mostNamed) + ["\(names.count - mostNamed) others"] }
    guard let last = shown.popLast() else { return "" }
    return shown.isEmpty ? last : shown.joined(separator: ", ") + " and " + last
  }
}
