import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// What a caller is told when a request cannot be answered as asked (RFC 9457); the only place that picks a status.
public struct APIProblem: Error, Sendable {
  var status: Int
  var title: String
  var detail: String
  var errors: [Fault]
  /// A word for programs, where the status alone does not say enough.
  var code: String?
  var headers: [(String, String)]

  /// A problem; its title is the status's own phrase, where no other says more.
  init(
    status: Int, title: String? = nil, detail: String, errors: [Fault] = [], headers: [(String, String)] = []
  ) {
    self.status = status
    self.title = title ?? StatusPhrase.of(status)
    self.detail = detail
    self.errors = errors
    self.headers = headers
  }

  /// The problem document.
  var response: HTTPResponse {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("type", "about:blank")
      writer.member("title", title)
      writer.member("status", status)
      writer.member("detail", detail)
      if let code { writer.member("code", code) }
      guard !errors.isEmpty else { return }
      writer.array("errors", of: errors) { error, writer in
        writer.object { writer in
          writer.member("pointer", error.pointer)
          writer.member("detail", error.detail)
        }
      }
    }
    return HTTPResponse(
      status: status, headers: HTTPHeaders([("Content-Type", "application/problem+json")] + headers),
      body: writer.bytes)
  }

  static func malformed(_ error: JSONSyntaxError) -> APIProblem {
    APIProblem(
      status: 400, title: "Malformed JSON", detail: error.detail,
      errors: [Fault(at: .root, error.detail)])
  }

  static func badQuery(_ name: String, _ detail: String) -> APIProblem {
    APIProblem(status: 400, title: "Bad query", detail: detail, errors: [Fault(query: name, detail)])
  }

  static func badHeader(_ detail: String) -> APIProblem {
    APIProblem(status: 400, title: "Bad header", detail: detail)
  }

  static func notFound(_ detail: String) -> APIProblem {
    APIProblem(status: 404, detail: detail)
  }

  static func methodNotAllowed(_ method: String, allow: String) -> APIProblem {
    APIProblem(
      status: 405, detail: "\(method) is not allowed here; allowed are \(allow).",
      headers: [("Allow", allow)])
  }

  static let notAcceptable = APIProblem(
    status: 406, detail: "The answer is not available in any of the types that Accept lists.")

  static func unsupportedType(_ type: String, _ allowed: String) -> APIProblem {
    APIProblem(
      status: 415,
      detail: type.isEmpty
        ? "Content-Type is empty; it should be \(allowed)."
        : "Content-Type says that the body is \(type); it should be \(allowed).",
      headers: [("Accept", allowed)])
  }

  static func unsupportedCoding(_ codings: [String]) -> APIProblem {
    APIProblem(
      status: 415,
      detail: "Content-Encoding is \(codings.joined(separator: ", ")); send the body as it is, without one.",
      headers: [("Accept-Encoding", "identity")])
  }

  static func notYet(_ path: String) -> APIProblem {
    APIProblem(status: 404, detail: Fault.notYet(path))
  }

  static let unauthorized = APIProblem(
    status: 401, detail: "This needs `Authorization: Bearer TOKEN` with the service's token.",
    headers: [("WWW-Authenticate", "Bearer realm=\"cairn\"")])

  static let preconditionFailed = APIProblem(
    status: 412, detail: "The study has changed since the ETag in If-Match was given.")

  static func unavailable(_ detail: String) -> APIProblem {
    APIProblem(status: 503, detail: detail, headers: [("Retry-After", "1")])
  }

  /// The problem that an error of the studies is.
  init(_ error: StudyError) {
    switch error {
    case .unknownStudy(let name): self = .notFound("There is no study \"\(name)\".")
    case .invalid(let faults):
      self.init(
        status: 422, title: "Invalid",
        detail: faults.count == 1 ? faults[0].detail : "\(faults.count) problems:",
        errors: faults)
    case .nameTaken(let name):
      self.init(
        status: 409,
        detail: "A study named \"\(name)\" already exists with a different definition; choose another name, "
          + "or delete it first.")
    case .unknownComparison(let name): self = .notFound("There is no comparison \"\(name)\".")
    case .comparisonTaken(let name):
      self.init(
        status: 409,
        detail: "A comparison named \"\(name)\" already exists with a different definition; choose another name, "
          + "or delete it first.")
    case .unknownTrial(let study, let number): self = .notFound("Study \(study) has no trial \(number).")
    case .leaseLost(let detail):
      self.init(status: 409, title: "Lease lost", detail: detail)
      code = "lease_lost"
    case .conflict(let detail): self.init(status: 409, detail: detail)
    case .preconditionFailed: self = .preconditionFailed
    case .unavailable(let detail): self = .unavailable(detail)
    case .shuttingDown: self = .unavailable("The service is stopping.")
    case .store(.diskFull): self = .unavailable("The disk is full; nothing was changed.")
    case .store(.unavailable(let sentence)): self = .unavailable(sentence)
    case .store(.nameTaken(let name)): self.init(.nameTaken(name))
    case .store(.comparisonTaken(let name)): self.init(.comparisonTaken(name))
    case .store(.corrupt): self = .unavailable("The database is damaged; nothing was changed.")
    case .store(.interrupted): self = .unavailable("The service is stopping.")
    case .store(.failure), .store(.trialTaken):
      self = .unavailable("The store could not be read or written; nothing was changed.")
    }
  }

  init(status: Int, title: String, detail: String, errors: [Fault] = [], headers: [(String, String)] = []) {
    self.status = status
    self.title = title
    self.detail = detail
    self.errors = errors
    self.headers = headers
  }
}
