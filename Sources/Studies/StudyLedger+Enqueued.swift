import Foundation
import JSONText
import SearchAlgorithms
import SearchSpace
import StudyDefinitions

/// Points that a person asks for: each is an edit, and takes the next number that is handed out.
extension StudyLedger {
  /// How many points may be asked for in a study, in all.
  static let mostEnqueued = 10_000

  /// Puts a point of the study's space in line that has no trial yet; gives its position, from 1.
  mutating func enqueue(_ point: Point, moment: Moment) throws(StudyError) -> EnqueuedPoint {
    try check(nil)
    defer { settle(at: moment) }
    guard !study.state.isFinished else {
      throw .conflict("Study \(study.name) is \(study.state.rawValue); nothing can be put in line any more.")
    }
    if let waiting = search.asked.first(where: { $0.point == point }) {
      let what = waiting.position.map { "position \($0)" } ?? "one of initial_points"
      throw .conflict("This point waits for its number already, as \(what).")
    }
    let position = 1 + study.edits.count { $0.enqueued != nil }
    guard position <= Self.mostEnqueued else {
      throw .conflict("Study \(study.name) has been asked for \(Self.mostEnqueued) points, and takes no more.")
    }
    search.ask(for: AskedPoint(point: point, position: position))
    note(["enqueued": ["position": .number(Double(position)), "parameters": point.json]], at: moment)
    return EnqueuedPoint(point: point, position: position)
  }

  /// Takes a point out of the line again; false where none waits at the position.
  mutating func withdraw(_ position: Int, moment: Moment) throws(StudyError) -> Bool {
    try check(nil)
    defer { settle(at: moment) }
    guard search.asked.contains(where: { $0.position == position }) else { return false }
    search.withdraw(position)
    note(["withdrawn": ["position": .number(Double(position))]], at: moment)
    return true
  }

  private mutating func note(_ changes: JSONValue, at moment: Moment) {
    study.edits.append(StudyEdit(fromTrial: search.highest + 1, at: date(moment), changes: changes))
    study.enqueued = search.asked.count { $0.position != nil }
    studyChanged = true
  }
}

/// A point that waits for its number.
public struct EnqueuedPoint: Sendable, Hashable {
  public var point: Point
  /// From 1.
  public var position: Int
}

extension StudyEdit {
  /// The point that the edit put in line, and its position.
  var enqueued: (position: Int, parameters: JSONValue)? {
    guard let part = changes["enqueued"], let position = part["position"]?.integerValue,
      let parameters = part["parameters"]
    else { return nil }
    return (position, parameters)
  }

  /// The position that the edit took out of the line.
  var withdrawn: Int? { changes["withdrawn"]?["position"]?.integerValue }

  /// Whether the edit says anything of points.
  var isOfPoints: Bool { changes["enqueued"] != nil || changes["withdrawn"] != nil }
}

extension ResolvedDefinition {
  /// The points that a search that counts passes over from the start: what was tried before, but by `grid`, which leaves
  /// nothing out.
  var passedOver: [Point] { algorithm == "grid" ? [] : prior.map(\.point) }

  /// Whether numbers are given to points that the search did not choose, or it passes over some.
  var hasKnownPoints: Bool { !initialPoints.isEmpty || !passedOver.isEmpty }
}
