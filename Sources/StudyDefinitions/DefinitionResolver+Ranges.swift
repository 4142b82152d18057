import JSONText
import SearchSpace

extension DefinitionResolver {
  /// The domain of a range, or nil where it is faulty.
  mutating func range(of name: String, _ members: Members, kind: ParameterDescription.Kind) -> Parameter.Domain? {
    let before = faults.faults.count
    if members["min"] == nil && members["max"] == nil {
      faults.missing(
        ["values", "min", "max"], at: members.pointer,
        "The values of \(name) are missing; give values, or min and max.")
    } else {
      for end in ["min", "max"] where members[end] == nil {
        faults.missing([end], at: members.pointer, "\(end) is missing; a range has min and max.")
      }
    }
    var ends: [ParameterValue] = []
    for end in ["min", "max"] {
      guard let json = members[end] else { continue }
      if let value = kind.value(of: json) {
        ends.append(value)
      } else {
        faults.add(members.at(end), kind.complaint(about: "\(end) of \(name)", json))
      }
    }
    let scale = faults.choice("scale", of: members, among: ["linear", "log"], called: "scale")
    let isLog = scale == "log"
    let points = faults.integer("points", of: members, in: 2...Self.mostValues)
    let numbers = ends.compactMap(\.number)
    if numbers.count == 2, numbers[0] >= numbers[1] {
      faults.add(members.at("max"), "max must be above min, which is \(JSONNumber.text(numbers[0])).")
    }
    if isLog, ends.count == 2, numbers[0] <= 0 {
      faults.add(members.at("min"), "min must be above 0 where the scale is log.")
    }
    guard faults.faults.count == before, ends.count == 2 else { return nil }
    if case .integers(let allowed) = kind {
      return .levels(
        allowed.filter { numbers[0] <= Double($0) && Double($0) <= numbers[1] }.map { .integer($0) })
    }
    switch (ends[0], ends[1], points) {
    case (.integer(let minimum), .integer(let maximum), nil):
      return .integerRange(minimum: minimum, maximum: maximum, scale: isLog ? .log : .linear)
    case (.integer(let minimum), .integer(let maximum), let points?):
      let levels = LevelLayout.integers(from: minimum, to: maximum, points: points, logarithmic: isLog)
      return .levels(levels.map { .integer($0) })
    case (_, _, let points?):
      let levels = LevelLayout.reals(from: numbers[0], to: numbers[1], points: points, logarithmic: isLog)
      return .levels(levels.map { .real($0) })
    default:
      return .realRange(minimum: numbers[0], maximum: numbers[1], scale: isLog ? .log : .linear)
    }
  }
}
