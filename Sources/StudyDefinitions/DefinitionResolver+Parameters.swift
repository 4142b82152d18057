import JSONText
import SearchSpace

/// The `parameters` of a body, read as far as they can be alone.
struct ParametersReading {
  /// Those that are right, by name.
  var domains: [String: Parameter.Domain] = [:]
  /// The names of all that are given, right or wrong, in order.
  var given: [String] = []
  /// Whether something in them is faulty.
  var isFaulty = false
  /// Whether nobody can tell what they were to be; then nothing is missing because of them.
  var isUnreadable = false
  /// Where they are in the body.
  var pointer: JSONPointer
}

extension DefinitionResolver {
  static let mostParameters = 64
  static let mostValues = 10_000

  mutating func parameters(_ body: Members, model: ModelReading?) -> ParametersReading {
    let pointer = body.at("parameters")
    let before = faults.faults.count
    var reading = ParametersReading(pointer: pointer)
    switch body["parameters"] {
    case nil:
      faults.missing(
        ["parameters"], at: .root, "parameters is missing; it says what is tuned, 1 to \(Self.mostParameters) of them.")
    case .object(let object)?:
      let members = object.members.filter { $0.value != .null }
      if members.isEmpty || members.count > Self.mostParameters {
        faults.add(pointer, "There must be 1 to \(Self.mostParameters) parameters, but there are \(members.count).")
      }
      for member in members {
        reading.given.append(member.name)
        reading.domains[member.name] = parameter(member, at: pointer.appending(member.name), model: model)
      }
    case let other?:
      faults.add(pointer, "parameters must be a JSON object, but is \(other.kindOfValue).")
      reading.isUnreadable = true
    }
    reading.isFaulty = faults.faults.count > before
    return reading
  }

  private mutating func parameter(
    _ member: JSONObject.Member, at pointer: JSONPointer, model: ModelReading?
  ) -> Parameter.Domain? {
    let name = member.name
    guard Self.isParameterName(name) else {
      faults.add(pointer, "A parameter's name must be 1 to 64 characters of A-Z, a-z, 0-9 and _, no digit first.")
      return nil
    }
    var setting: ParameterDescription?
    if let model, let facts = model.facts {
      let tunable = model.names.filter { model.settings[$0]?.tunable ?? false }
      setting = model.settings[name]
      guard let setting else {
        faults.unknown("hyper-parameter of \(facts.kind)", name, among: tunable, at: pointer)
        return nil
      }
      guard setting.tunable else {
        faults.add(pointer, "\(name) cannot be tuned; give it in model, and tune another.")
        return nil
      }
      checkIsFree(name, at: pointer, model: model, repeated: facts.repeated)
    }
    let keys = ["type", "values", "min", "max", "scale", "points"]
    guard
      let members = faults.members(
        of: member.value, at: pointer, called: "A parameter", known: keys, reserved: ["when"])
    else { return nil }
    return domain(of: name, members, setting: setting)
  }

  /// A parameter that a constant of the model fixes, by itself or for all blocks.
  private mutating func checkIsFree(
    _ name: String, at pointer: JSONPointer, model: ModelReading, repeated: [RepeatedSettings]
  ) {
    let shared = repeated.flatMap(\.shared).first { $0.stem == name || $0.block(of: name) != nil }
    let isFixedForAll = shared.map { model.given.contains($0.stem) } ?? false
    guard model.given.contains(name) || isFixedForAll else { return }
    let written = [name, shared?.list, shared?.stem].compactMap { $0 }.first { model.members[$0] != nil }
    faults.add(pointer, "\(name) is tuned here, but \(written ?? name) in model fixes it; keep one of them.")
  }

  private static func isParameterName(_ name: String) -> Bool {
    let letters = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return letters && (1...64).contains(name.utf8.count)
      && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(name.utf8.first ?? 0)
  }

  /// The domain of a parameter, or nil where it is faulty.
  private mutating func domain(
    of name: String, _ members: Members, setting: ParameterDescription?
  ) -> Parameter.Domain? {
    let types = ["real", "integer", "categorical"]
    guard members["type"] != nil else {
      faults.missing(["type"], at: members.pointer, "type is missing; it must be one of: \(Self.list(types)).")
      return nil
    }
    guard let type = faults.choice("type", of: members, among: types, called: "type") else { return nil }
    if let setting, !setting.allows(type: type) {
      faults.add(members.at("type"), "\(name) must be of type \(setting.kind.typeName), but is \(type).")
      return nil
    }
    let kind = setting?.kind ?? (type == "integer" ? .anyInteger : type == "real" ? .anyReal : nil)
    if let values = members["values"] {
      let besides = ["min", "max", "scale", "points"].filter { members[$0] != nil }
      for extra in besides { faults.add(members.at(extra), "\(extra) does not go with values; keep one or the other.") }
      guard let read = self.values(values, of: name, at: members.at("values"), kind: kind), besides.isEmpty
      else { return nil }
      if type == "categorical" { return .categories(read) }
      return .levels(read.sorted { ($0.number ?? 0) < ($1.number ?? 0) })
    }
    guard type != "categorical", let kind else {
      faults.missing(["values"], at: members.pointer, "values is missing; a categorical parameter lists its values.")
      return nil
    }
    return range(of: name, members, kind: kind)
  }

  /// The values of a list in the order given, or nil where one of them is faulty; no kind allows any scalar.
  private mutating func values(
    _ list: JSONValue, of name: String, at pointer: JSONPointer, kind: ParameterDescription.Kind?
  ) -> [ParameterValue]? {
    guard let elements = list.arrayValue else {
      faults.add(pointer, "values must be a list, but is \(list.kindOfValue).")
      return nil
    }
    guard (1...Self.mostValues).contains(elements.count) else {
      let bound = elements.isEmpty ? "at least 1" : "at most \(Self.mostValues)"
      faults.add(pointer, "values must have \(bound) elements, but has \(elements.count).")
      return nil
    }
    let before = faults.faults.count
    var firsts: [ParameterValue: Int] = [:]
    var values: [ParameterValue] = []
    for (index, element) in elements.enumerated() {
      let read = kind.map { $0.value(of: element) } ?? ParameterValue(json: element)
      guard let value = read else {
        let complaint = kind?.complaint(about: "A value of \(name)", element)
        faults.add(
          pointer.appending(index),
          complaint ?? "A value of \(name) must be a string, a number or a boolean, but is \(element.kindOfValue).")
        continue
      }
      if let first = firsts[value] {
        faults.add(pointer.appending(index), "\(element.kindOfValue) is listed twice (indexes \(first) and \(index)).")
      } else {
        firsts[value] = index
        values.append(value)
      }
    }
    return faults.faults.count == before ? values : nil
  }
}

extension ParameterDescription {
  /// Whether a parameter of this type may tune the setting. Numbers may be categories, but not where they decide which
  /// other parameters are present.
  func allows(type: String) -> Bool {
    type == kind.typeName || (type == "categorical" && !isStructural)
  }
}

extension ParameterDescription.Kind {
  /// The type that a parameter of this kind has in definitions.
  var typeName: String {
    switch self {
    case .integer, .integers: "integer"
    case .real: "real"
    case .categorical: "categorical"
    case .parameterName: "parameter"
    }
  }
}
