import JSONText

/// Where pointers stand in a body, found in one walk that enters only what holds one of them.
struct BodyOrder {
  private var positions: [String: Int] = [:]
  private let ancestors: Set<String>

  init(of pointers: Set<String>, in body: JSONValue) {
    var ancestors: Set<String> = []
    for pointer in pointers {
      var parent = pointer[...]
      while let slash = parent.lastIndex(of: "/") {
        parent = parent[..<slash]
        guard ancestors.insert(String(parent)).inserted else { break }
      }
    }
    self.ancestors = ancestors
    visit(body, at: .root)
  }

  /// The rank of a pointer; what is not in the body comes last.
  func position(_ pointer: String) -> Int { positions[pointer] ?? .max }

  private mutating func visit(_ value: JSONValue, at pointer: JSONPointer) {
    positions[pointer.text] = positions.count
    guard ancestors.contains(pointer.text) else { return }
    switch value {
    case .object(let object):
      for member in object.members { visit(member.value, at: pointer.appending(member.name)) }
    case .array(let elements):
      for (index, element) in elements.enumerated() { visit(element, at: pointer.appending(index)) }
    case .null, .bool, .number, .string: break
    }
  }
}
