import JSONText
import SearchSpace

/// Points that a body names: to be tried first, to be tried next, or tried before.
extension DefinitionResolver {
  static let mostInitialPoints = 1000
  static let mostPriorPoints = DefinitionValidator.mostPriorPoints

  /// The points that are tried first, each once.
  mutating func initialPoints(_ body: Members, space: ParameterSpace?) -> [Point] {
    guard let elements = list("initial_points", of: body, most: Self.mostInitialPoints) else { return [] }
    guard let space else { return [] }
    var firsts: [Point: Int] = [:]
    var points: [Point] = []
    for (index, element) in elements.enumerated() {
      let place = body.at("initial_points").appending(index)
      guard let point = faults.point(element, at: place, of: space) else { continue }
      if let first = firsts.updateValue(index, forKey: point) {
        faults.add(place, "This point is listed twice (indexes \(first) and \(index)).")
      } else {
        points.append(point)
      }
    }
    return points
  }

  /// What was tried before the study. Numbers may lie between levels.
  mutating func prior(_ body: Members, space: ParameterSpace?, _ objective: ObjectiveReading?) -> [TriedPoint] {
    if let value = body["prior"], case .object = value {
      return prior(ofStudy: value, body, space: space, objective)
    }
    guard let elements = list("prior", of: body, most: Self.mostPriorPoints) else { return [] }
    guard let space else { return [] }
    var tried: [TriedPoint] = []
    for (index, element) in elements.enumerated() {
      let place = body.at("prior").appending(index)
      guard
        let members = faults.members(of: element, at: place, called: "A tried point", known: ["parameters", "value"])
      else { continue }
      if members["parameters"] == nil { faults.missing(["parameters"], at: place, "parameters is missing.") }
      if members["value"] == nil { faults.missing(["value"], at: place, "value is missing; it is the objective.") }
      let point = members["parameters"].flatMap {
        faults.point($0, at: members.at("parameters"), of: space, betweenLevels: true)
      }
      guard let json = members["value"] else { continue }
      guard let value = json.numberValue else {
        faults.add(members.at("value"), ParameterDescription.Kind.anyReal.complaint(about: "value", json))
        continue
      }
      if let point { tried.append(TriedPoint(point: point, value: value == 0 ? 0 : value)) }
    }
    return tried
  }

  private mutating func list(_ name: String, of body: Members, most: Int) -> [JSONValue]? {
    guard let value = body[name] else { return nil }
    guard let elements = value.arrayValue else {
      faults.add(body.at(name), "\(name) must be a list of points, but is \(value.kindOfValue).")
      return nil
    }
    guard elements.count <= most else {
      faults.add(body.at(name), "\(name) may have at most \(most) points, but has \(elements.count).")
      return nil
    }
    return elements
  }
}

extension FaultList {
  /// A point of a space, with every parameter that is present in it and no other; nil where it is faulty.
  /// `betweenLevels`: numbers need not be levels, only lie between them.
  public mutating func point(
    _ value: JSONValue, at pointer: JSONPointer, of space: ParameterSpace, betweenLevels: Bool = false
  ) -> Point? {
    let before = faults.count
    guard
      let members = members(
        of: value, at: pointer, called: "A point", known: space.parameters.map(\.name))
    else { return nil }
    var point = Point()
    for place in space.order {
      let parameter = space.parameters[place]
      let isPresent = parameter.condition.map { $0.isMet(by: point[$0.parameter]) } ?? true
      guard let json = members[parameter.name] else {
        if isPresent {
          missing([parameter.name], at: pointer, "\(parameter.name) is missing; a point has a value of it.")
        }
        continue
      }
      guard isPresent else {
        let decider = parameter.condition?.parameter ?? ""
        add(members.at(parameter.name), "\(parameter.name) is absent where \(decider) is as it is here; leave it out.")
        continue
      }
      if let value = parameter.domain.value(json, betweenLevels: betweenLevels) {
        point[parameter.name] = value
      } else {
        add(members.at(parameter.name), parameter.domain.complaint(about: parameter.name, json, betweenLevels))
      }
    }
    return faults.count == before ? point : nil
  }
}

extension Parameter.Domain {
  /// The value that a JSON value is here; nil where it is none.
  fileprivate func value(_ json: JSONValue, betweenLevels: Bool) -> ParameterValue? {
    guard let given = ParameterValue(json: json) else { return nil }
    let value = typed(given)
    switch self {
    case .categories(let values): return values.contains(value) ? value : nil
    case .levels(let values):
      if values.contains(value) { return value }
      guard betweenLevels, let number = value.number, let low = values.first?.number, let high = values.last?.number
      else { return nil }
      return (low...high).contains(number) ? .real(number) : nil
    case .integerRange(let minimum, let maximum, _):
      if case .integer(let number) = value { return (minimum...maximum).contains(number) ? value : nil }
      guard betweenLevels, let number = value.number else { return nil }
      return (Double(minimum)...Double(maximum)).contains(number) ? value : nil
    case .realRange(let minimum, let maximum, _):
      return value.number.map { (minimum...maximum).contains($0) } ?? false ? value : nil
    }
  }

  /// One sentence on a value that is none of this domain.
  fileprivate func complaint(about name: String, _ json: JSONValue, _ betweenLevels: Bool) -> String {
    let most = 12
    switch self {
    case .categories(let values), .levels(let values):
      if betweenLevels, case .levels = self, let low = values.first, let high = values.last {
        return "\(name) must be a number from \(low.json.text) to \(high.json.text), but is \(json.kindOfValue)."
      }
      let shown = values.prefix(most).map(\.json.text).joined(separator: ", ")
      let more = values.count > most ? " and \(values.count - most) more" : ""
      return "\(name) must be one of its levels, \(shown)\(more), but is \(json.kindOfValue)."
    case .integerRange(let minimum, let maximum, _):
      return "\(name) must be an integer from \(minimum) to \(maximum), but is \(json.kindOfValue)."
    case .realRange(let minimum, let maximum, _):
      return "\(name) must be a number from \(JSONNumber.text(minimum)) to \(JSONNumber.text(maximum)), but is "
        + "\(json.kindOfValue)."
    }
  }
}
