/// Members and lists in one call.
extension JSONWriter {
  /// Writes a member that is an object, whose own members `body` writes.
  @inlinable
  public mutating func object(_ name: String, _ body: (inout JSONWriter) throws -> Void) rethrows {
    self.name(name)
    try object(body)
  }

  /// Writes a member that is an array, whose elements `body` writes.
  @inlinable
  public mutating func array(_ name: String, _ body: (inout JSONWriter) throws -> Void) rethrows {
    self.name(name)
    try array(body)
  }

  /// Writes an array; `each` writes one value for an element.
  @inlinable
  public mutating func array<Elements: Sequence>(
    of elements: Elements, _ each: (Elements.Element, inout JSONWriter) throws -> Void
  ) rethrows {
    try array { writer in
      for element in elements { try each(element, &writer) }
    }
  }

  /// Writes a member that is an array; `each` writes one value for an element.
  @inlinable
  public mutating func array<Elements: Sequence>(
    _ name: String, of elements: Elements, _ each: (Elements.Element, inout JSONWriter) throws -> Void
  ) rethrows {
    self.name(name)
    try array(of: elements, each)
  }

  /// Writes a member that is a string, or null.
  public mutating func member(_ name: String, _ value: String?) {
    self.name(name)
    if let value { string(value) } else { null() }
  }

  /// Writes a member that is an integer, or null.
  public mutating func member(_ name: String, _ value: Int?) {
    self.name(name)
    if let value { integer(value) } else { null() }
  }

  /// Writes a member that is a number, or null.
  public mutating func member(_ name: String, _ value: Double?) {
    self.name(name)
    if let value { number(value) } else { null() }
  }

  /// Writes a member that is true or false.
  public mutating func member(_ name: String, _ value: Bool) {
    self.name(name)
    bool(value)
  }

  /// Writes a member that is any value.
  public mutating func member(_ name: String, _ value: JSONValue) {
    self.name(name)
    self.value(value)
  }
}
