/// One thing that is wrong with a request: where, and what would be right.
public struct Fault: Sendable, Hashable {
  /// What of a request is wrong.
  public enum Place: Sendable, Hashable {
    /// A value in its body.
    case body(JSONPointer)
    /// A parameter of its query.
    case query(String)
  }

  public var place: Place
  /// One sentence.
  public var detail: String

  /// A fault of the value at a pointer into the body.
  public init(at pointer: JSONPointer, _ detail: String) {
    place = .body(pointer)
    self.detail = detail
  }

  /// A fault of a query's parameter.
  public init(query name: String, _ detail: String) {
    place = .query(name)
    self.detail = detail
  }

  /// The place as a caller is told it: a JSON pointer (RFC 6901), or the parameter's name.
  public var pointer: String {
    switch place {
    case .body(let pointer): pointer.text
    case .query(let name): name
    }
  }
}

extension Fault {
  /// The sentence about something that is reserved.
  public static func notYet(_ what: String) -> String { "\(what) is not supported yet." }
}
