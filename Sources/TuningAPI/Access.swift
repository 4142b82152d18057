import HTTPMessages

/// Who may ask what.
struct Access: Sendable {
  private let token: [UInt8]?

  init(token: String?) { self.token = token.map { Array($0.utf8) } }

  /// Throws 401 where a token is set, the path needs it, and the request has not got it.
  func check(_ request: HTTPRequest) throws(APIProblem) {
    guard let token, request.path == "/metrics" || request.path == "/v1" || request.path.hasPrefix("/v1/") else {
      return
    }
    let field = request.headers["Authorization"] ?? ""
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer", Self.equal(Array(parts[1].utf8), token) else {
      throw .unauthorized
    }
  }

  /// Takes as long whatever is wrong with a guess of the right length.
  private static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
