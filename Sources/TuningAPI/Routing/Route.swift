/// One URL with what answers its methods, and what holds for all of them.
struct Route: Sendable {
  let path: PathTemplate
  /// Who may ask.
  let access: AccessRule
  /// What answers each method; `HEAD` follows from `GET`, `OPTIONS` from all.
  let operations: [String: Operation]

  init(_ template: String, access: AccessRule = .caller, _ operations: Operation...) {
    path = PathTemplate(template)
    self.access = access
    self.operations = Dictionary(uniqueKeysWithValues: operations.map { ($0.method, $0) })
  }

  /// The path with its named parts in braces.
  var template: String { path.text }

  /// The operation of a method, if the route has one; never of `OPTIONS`.
  func operation(_ method: String) -> Operation? { operations[method == "HEAD" ? "GET" : method] }

  /// The methods for the `Allow` field, sorted.
  var allow: String {
    var methods = Set(operations.keys)
    if methods.contains("GET") { methods.insert("HEAD") }
    methods.insert("OPTIONS")
    return methods.sorted().joined(separator: ", ")
  }
}
