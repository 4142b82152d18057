import ExactText
import JSONText

/// The order in which a body has what pointers name, found in one walk that enters only what holds one of them.
struct BodyOrder {
  private var positions: [ExactText: Int] = [:]
  private let ancestors: Set<ExactText>

  init(of pointers: Set<ExactText>, in body: JSONValue) {
    var ancestors: Set<ExactText> = []
    for pointer in pointers {
      var parent = pointer.string[...]
      while let slash = parent.utf8.lastIndex(of: UInt8(ascii: "/")) {
        parent = parent[..<slash]
        guard ancestors.insert(ExactText(parent)).inserted else { break }
      }
    }
    self.ancestors = ancestors
    visit(body, at: .root)
  }

  /// The rank of a pointer; what is not in the body comes last.
  func position(_ pointer: ExactText) -> Int { positions[pointer] ?? .max }

  private mutating func visit(_ value: JSONValue, at pointer: JSONPointer) {
    let text = ExactText(pointer.text)
    positions[text] = positions.count
    guard ancestors.contains(text) else { return }
    switch value {
    case .object(let object):
      for member in object.members { visit(member.value, at: pointer.appending(member.name)) }
    case .array(let elements):
      for (index, element) in elements.enumerated() { visit(element, at: pointer.appending(index)) }
    case .null, .bool, .number, .string: break
    }
  }
}
