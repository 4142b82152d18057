import ExactText

/// A JSON value; numbers are doubles, as the contract has them, members keep their order, and texts are compared by
/// their code points.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.isExactly(right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let text): text.hashExactly(into: &hasher)
    case .array(let elements): hasher.combine(elements)
    case .object(let object): hasher.combine(object)
    }
  }
}

/// The members of a JSON object, in order; no name twice.
public struct JSONObject: Sendable, Hashable {
  /// One member.
  public struct Member: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: JSONValue
    /// Makes a member.
    public init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }

    public static func == (left: Member, right: Member) -> Bool {
      left.name.isExactly(right.name) && left.value == right.value
    }

    public func hash(into hasher: inout Hasher) {
      name.hashExactly(into: &hasher)
      hasher.combine(value)
    }
  }

  /// The members in order.
  public private(set) var members: [Member] = []

  /// Makes an object of the pairs given, the last of a name winning.
  public init(_ pairs: [(String, JSONValue)] = []) {
    for (name, value) in pairs { self[name] = value }
  }

  /// Takes members whose names the parser has found to be distinct, without looking each of them up again.
  init(distinct members: [Member]) { self.members = members }

  /// The member of a name; nil where there is none; setting nil removes it.
  public subscript(name: String) -> JSONValue? {
    get { members.first { $0.name.isExactly(name) }?.value }
    set {
      if let index = members.firstIndex(where: { $0.name.isExactly(name) }) {
        if let newValue { members[index].value = newValue } else { members.remove(at: index) }
      } else if let newValue {
        members.append(Member(name: name, value: newValue))
      }
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

extension JSONValue {
  /// The member of an object, or nil.
  public subscript(name: String) -> JSONValue? {
    if case .object(let object) = self { return object[name] }
    return nil
  }

  /// The text of a string, or nil.
  public var stringValue: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// The number, or nil.
  public var numberValue: Double? {
    if case .number(let number) = self { return number }
    return nil
  }

  /// The elements of an array, or nil.
  public var arrayValue: [JSONValue]? {
    if case .array(let elements) = self { return elements }
    return nil
  }

  /// The object, or nil.
  public var objectValue: JSONObject? {
    if case .object(let object) = self { return object }
    return nil
  }

  /// The integer that a number is, within ±(2⁵³ − 1); nil for anything else.
  public var integerValue: Int? {
    guard case .number(let number) = self, abs(number) <= 9_007_199_254_740_991 else { return nil }
    return Int(exactly: number)
  }
}
