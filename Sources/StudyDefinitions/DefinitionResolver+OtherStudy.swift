import JSONText
import SearchSpace

/// A prior that is what another study has found.
extension DefinitionResolver {
  /// The points of the study that `prior` names which lie in this space, with their values.
  mutating func prior(ofStudy value: JSONValue, _ body: Members, space: ParameterSpace?, _ objective: ObjectiveReading?)
    -> [TriedPoint]
  {
    guard let members = faults.members(of: value, at: body.at("prior"), called: "A prior", known: ["study"]) else {
      return []
    }
    guard members["study"] != nil else {
      faults.missing(["study"], at: members.pointer, "study is missing; prior is a list of points, or names a study.")
      return []
    }
    guard let name = faults.string("study", of: members) else { return [] }
    let place = members.at("study")
    guard let other = context.priorStudy, other.name.utf8.elementsEqual(name.utf8) else {
      faults.add(place, "No study is named \(JSONValue.string(name.count > 64 ? name.prefix(64) + "…" : name).text).")
      return []
    }
    guard let space, let objective else { return [] }
    let before = faults.faults.count
    check(other, space, at: place)
    if other.metric != objective.metric || other.goal != objective.goal {
      faults.add(
        place,
        "Study \(other.name) has the objective \(other.metric), \(other.goal.rawValue), and this one "
          + "\(objective.metric), \(objective.goal.rawValue), so that its values say nothing here; give the points in a "
          + "list.")
    }
    guard faults.faults.count == before else { return [] }
    let points = other.points.compactMap { tried -> TriedPoint? in
      // What lies outside is left out: a study of a smaller space is a usual next step.
      var list = FaultList()
      let point = list.point(tried.point.json, at: place, of: space, betweenLevels: true)
      return point.map { TriedPoint(point: $0, value: tried.value) }
    }
    if points.isEmpty {
      faults.add(
        place,
        other.points.isEmpty
          ? "Study \(other.name) has no completed or pruned trial that could be taken over."
          : "No point that study \(other.name) has tried lies in this space.")
    }
    return points
  }

  /// Reports parameters that only one of the two studies has.
  private mutating func check(_ other: FinishedStudy, _ space: ParameterSpace, at place: JSONPointer) {
    let own = space.parameters.map(\.name)
    let strange = other.parameters.filter { !own.contains($0) }
    if !strange.isEmpty {
      faults.add(place, "Study \(other.name) tunes \(Self.list(strange)), which this study does not tune.")
    }
    let absent = own.filter { !other.parameters.contains($0) }
    if !absent.isEmpty {
      faults.add(place, "Study \(other.name) does not tune \(Self.list(absent)), which this study tunes.")
    }
  }
}
