import ExactText
import JSONText
import SearchSpace

/// One object of a body and its place; a member that is null counts as left out.
public struct Members {
  let object: JSONObject
  /// Its place.
  public let pointer: JSONPointer

  /// The value of a member; nil where it is left out or null.
  public subscript(name: String) -> JSONValue? {
    guard let value = object[name], value != .null else { return nil }
    return value
  }

  /// The place of a member.
  public func at(_ name: String) -> JSONPointer { pointer.appending(name) }
}

/// Gathers every fault of a body, so that they are reported together.
public struct FaultList {
  /// What was found, in the order in which it was found.
  public private(set) var faults: [Fault] = []
  /// The known names nearest to unknown ones: what was probably meant is not reported as missing too.
  private var meant: Set<String> = []

  /// Makes a list without faults.
  public init() {}

  /// A list without faults that knows what was probably meant.
  func emptied() -> FaultList {
    var list = self
    list.faults = []
    return list
  }

  /// Adds what another list has found and this one has not.
  mutating func take(_ other: FaultList) {
    let known = Set(faults)
    faults += other.faults.filter { !known.contains($0) }
    meant.formUnion(other.meant)
  }

  /// Reports what is wrong with the value at a pointer.
  public mutating func add(_ pointer: JSONPointer, _ detail: String) { faults.append(Fault(at: pointer, detail)) }

  /// Reports a missing member at its parent, unless an unknown key was probably meant to be it.
  public mutating func missing(_ names: [String], at pointer: JSONPointer, _ detail: String) {
    if meant.isDisjoint(with: names) { add(pointer, detail) }
  }

  /// Reports a name that is not known, with the nearest one that is.
  public mutating func unknown(
    _ what: String, _ name: String, among known: [String], at pointer: JSONPointer, more: String = ""
  ) {
    let shown = JSONValue.string(name.count > 64 ? name.prefix(64) + "…" : name).text
    guard let nearest = NearestName.of(name, among: known) else {
      let list = more.isEmpty && known.count <= 12 ? "; the known ones are \(known.joined(separator: ", "))" : more
      return add(pointer, "Unknown \(what) \(shown)\(list).")
    }
    meant.insert(nearest)
    add(pointer, "Unknown \(what) \(shown)\(NearestName.clause(nearest))\(more).")
  }

  /// The members of a value that must be an object. A key that is neither known nor reserved is a fault which names
  /// the nearest known one; a reserved key is a part of the contract that is not built yet.
  public mutating func members(
    of value: JSONValue, at pointer: JSONPointer, called what: String, known: [String], reserved: [String] = []
  ) -> Members? {
    guard case .object(let object) = value else {
      add(pointer, "\(what) must be a JSON object, but is \(value.kindOfValue).")
      return nil
    }
    for member in object.members where member.value != .null || !reserved.containsExactly(member.name) {
      if reserved.containsExactly(member.name) {
        add(pointer.appending(member.name), Fault.notYet(member.name))
      } else if !known.containsExactly(member.name) {
        unknown("key", member.name, among: known, at: pointer.appending(member.name))
      }
    }
    return Members(object: object, pointer: pointer)
  }

  /// An optional integer within a range; nil where it is left out or faulty.
  public mutating func integer(_ name: String, of members: Members, in range: ClosedRange<Int>) -> Int? {
    guard let value = members[name] else { return nil }
    let kind = ParameterDescription.Kind.integer(minimum: range.lowerBound, maximum: range.upperBound)
    guard case .integer(let integer)? = kind.value(of: value) else {
      add(members.at(name), kind.complaint(about: name, value))
      return nil
    }
    return integer
  }

  /// An optional truth value; nil where it is left out or faulty.
  mutating func bool(_ name: String, of members: Members) -> Bool? {
    guard let value = members[name] else { return nil }
    guard case .bool(let truth) = value else {
      add(members.at(name), "\(name) must be true or false, but is \(value.kindOfValue).")
      return nil
    }
    return truth
  }

  /// An optional string; nil where it is left out or faulty.
  public mutating func string(_ name: String, of members: Members) -> String? {
    guard let value = members[name] else { return nil }
    guard let text = value.stringValue else {
      add(members.at(name), "\(name) must be a string, but is \(value.kindOfValue).")
      return nil
    }
    return text
  }

  /// An optional text of a most number of bytes; nil where it is left out or faulty.
  public mutating func text(_ name: String, of members: Members, most: Int) -> ExactText? {
    guard let text = string(name, of: members) else { return nil }
    guard text.utf8.count <= most else {
      add(members.at(name), "\(name) may have at most \(most) bytes of UTF-8, but has \(text.utf8.count).")
      return nil
    }
    return ExactText(text)
  }

  /// An optional string that must be one of some names; nil where it is left out or faulty.
  public mutating func choice(_ name: String, of members: Members, among names: [String], called what: String)
    -> String?
  {
    guard let text = string(name, of: members) else { return nil }
    guard names.containsExactly(text) else {
      unknown(what, text, among: names, at: members.at(name))
      return nil
    }
    return text
  }

  /// Throws if there is a fault, all of them in the order of the body.
  public func check(against body: JSONValue) throws(InvalidDefinition) {
    guard !faults.isEmpty else { return }
    let order = BodyOrder(of: Set(faults.map { ExactText($0.pointer) }), in: body)
    let sorted = faults.enumerated().sorted {
      (order.position(ExactText($0.element.pointer)), $0.offset)
        < (order.position(ExactText($1.element.pointer)), $1.offset)
    }
    throw InvalidDefinition(faults: sorted.map(\.element))
  }
}

extension JSONValue {
  /// What a person calls it: scalars by their text, the others by their kind.
  var kindOfValue: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let value): JSONNumber.text(value)
    case .string(let text): JSONValue.string(text.count > 64 ? text.prefix(64) + "…" : text).text
    case .array: "a list"
    case .object: "an object"
    }
  }
}
