import Foundation
import JSONText
import SearchAlgorithms

extension ConfirmPhase {
  /// How many points a sentence names.
  private static let mostNamed = 5

  /// What the new runs have shown, for a person, in one or two sentences; nil before a round was judged.
  var conclusion: String? {
    guard let verdict, let race, let leader = race.leader else { return nil }
    let count = contenders.indices.reduce(0) { $0 + race.runs[$1].begun }
    let runs = Self.newRuns(count)
    let best = contenders[leader].number
    let sentence: String
    switch verdict {
    case .one where contenders.count == 1:
      sentence =
        "The point of trial \(best) is the only one with a value; \(runs) \(count == 1 ? "says" : "say") how good it is."
    case .one:
      let rest = contenders.count - 1
      sentence =
        "The point of trial \(best) is better than "
        + (rest == 1 ? "the other contender" : "each of the \(rest) other contenders")
        + " with a confidence of \(JSONNumber.text(confidence)), by \(runs)."
    case .alike:
      sentence = "\(named(race.left)) gave the same value in each of \(runs), so they are alike."
    case .open:
      sentence = "\(named(race.left)) cannot be told apart by \(runs)."
    case .none: return nil
    }
    return [sentence, ofFirstLeader(race, leader)].compactMap { $0 }.joined(separator: " ")
  }

  /// What became of the point that led before.
  private func ofFirstLeader(_ race: LeaderRace, _ leader: Int) -> String? {
    guard let first = firstLeader, let place = contenders.firstIndex(of: first), race.runs[place].count > 0 else {
      return nil
    }
    let runs = race.runs[place]
    let change = "\(Self.short(first.value)) became \(Self.short(runs.mean)) in \(Self.newRuns(runs.count))"
    if place == leader, race.left.count == 1 { return "It led before, too: its \(change)." }
    let end = race.left.contains(place) ? "" : ", and it is out"
    return "The point of trial \(first.number) led before: its \(change)\(end)."
  }

  /// Points by their first trials, the leader's first.
  private func named(_ places: [Int]) -> String {
    guard let race, let leader = race.leader else { return "" }
    let numbers = ([leader] + places.filter { $0 != leader }).map { "\(contenders[$0].number)" }
    guard numbers.count > 1 else { return "The point of trial \(numbers[0])" }
    guard numbers.count <= Self.mostNamed else {
      return "\(numbers.count) points"
    }
    return "The points of trials \(numbers.dropLast().joined(separator: ", ")) and \(numbers[numbers.count - 1])"
  }

  private static func newRuns(_ count: Int) -> String { count == 1 ? "1 new run" : "\(count) new runs" }

  /// Four significant digits.
  private static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}
