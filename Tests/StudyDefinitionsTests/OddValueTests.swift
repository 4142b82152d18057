import JSONText
import StudyDefinitions
import Testing

@Suite struct OddValueTests {
  static let odd: [JSONValue] = [
    nil, true, -1, 0, 0.5, 1e300, -1e300, 9_007_199_254_740_991, "", "x", "relu", [], [nil], [[1]], [1, 1], [:],
    ["x": 1], ["type": "integer", "min": -9_007_199_254_740_991, "max": 9_007_199_254_740_991],
    ["type": "categorical", "values": [1, "1", true]],
  ]

  /// Every value of a definition is replaced by every odd one: nothing traps, each fault is at a place that the body
  /// has, and what is valid comes back from its stored form.
  @Test(arguments: [
    ResolveTests.example,
    #"""
    {"dataset": "rare", "model": {"kind": "mlp", "layers": 2, "activation_1": "tanh", "momentum": 0.5},
     "parameters": {"units_1": {"type": "integer", "min": 1, "max": 100, "scale": "log", "points": 5},
                    "units_2": {"type": "categorical", "values": [3, 4]},
                    "activation_2": {"type": "categorical", "values": ["relu", "tanh"]},
                    "weight_decay": {"type": "real", "min": 0.001, "max": 1, "scale": "log", "points": 4}},
     "algorithm": {"name": "grid"}, "validation": {"split": {"holdout": 0.2}, "repeats": 2},
     "budget": {"seconds": 10}, "parallelism": 2, "max_running": 3, "seed": 1, "training_seed": 2,
     "labels": {"a": "b"}, "notes": "n"}
    """#,
    #"""
    {"dataset": "cats", "model": {"kind": "mlp", "activations": "relu"},
     "parameters": {"layers": {"type": "integer", "values": [1, 2]}, "units_1": {"type": "integer", "values": [3]},
                    "units_2": {"type": "integer", "min": 3, "max": 4}},
     "algorithm": {"name": "random"}, "validation": {"split": {"folds": 3}}}
    """#,
  ]) func nothingTraps(text: String) throws {
    let whole = try json(text)
    #expect(faults(whole).isEmpty)
    var valid = 0
    for path in Self.paths(of: whole) {
      for value in Self.odd {
        let body = Self.replacing(whole, at: path[...], by: value)
        do {
          let definition = try resolve(body)
          valid += 1
          #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
        } catch let error as InvalidDefinition {
          #expect(!error.faults.isEmpty)
          let places = Set(Self.pointers(of: body, at: .root))
          for fault in error.faults { #expect(places.contains(fault.pointer), "\(fault)") }
        }
      }
    }
    #expect(valid > 0)
  }

  private static func paths(of value: JSONValue) -> [[Int]] {
    let children: [JSONValue]
    switch value {
    case .object(let object): children = object.members.map(\.value)
    case .array(let elements): children = elements
    default: children = []
    }
    return [[]] + children.enumerated().flatMap { index, child in paths(of: child).map { [index] + $0 } }
  }

  private static func replacing(_ whole: JSONValue, at path: ArraySlice<Int>, by value: JSONValue) -> JSONValue {
    guard let index = path.first else { return value }
    switch whole {
    case .object(let object):
      let pairs = object.members.enumerated().map { position, member in
        (member.name, position == index ? replacing(member.value, at: path.dropFirst(), by: value) : member.value)
      }
      return .object(JSONObject(pairs))
    case .array(var elements):
      elements[index] = replacing(elements[index], at: path.dropFirst(), by: value)
      return .array(elements)
    default: return whole
    }
  }

  private static func pointers(of value: JSONValue, at pointer: JSONPointer) -> [String] {
    switch value {
    case .object(let object):
      [pointer.text] + object.members.flatMap { pointers(of: $0.value, at: pointer.appending($0.name)) }
    case .array(let elements):
      [pointer.text] + elements.enumerated().flatMap { pointers(of: $0.element, at: pointer.appending($0.offset)) }
    default: [pointer.text]
    }
  }
}
