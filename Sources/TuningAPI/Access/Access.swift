import Digests
import Foundation
import HTTPMessages
import Studies

/// Who may ask what.
struct Access: Sendable {
  private let token: [UInt8]?
  /// The sessions of pages; nil where no token is set.
  let sessions: Sessions?
  private let guesses = GuessLimiter()
  private let hosts: HostRule

  init(token: String?, hosts: HostRule = HostRule(adding: []), cookiePath: String = "/") {
    self.token = token.map { Array($0.utf8) }
    self.hosts = hosts
    sessions = token.map { Sessions(token: $0, path: cookiePath) }
  }

  /// Throws where a token is set, the rule asks for it, and the request shows neither it nor a session; and where another
  /// site's page asks for a change of a service that takes them from everybody on this machine.
  func check(_ request: HTTPRequest, _ rule: AccessRule, by clock: any StudyClock) throws(APIProblem) {
    if token == nil { try hosts.check(request) }
    let changes = !request.onlyReads
    guard rule != .open else { return }
    guard let token, let sessions else {
      // A form of any site may send a POST to a browser's own machine.
      guard !changes || request.headers["Origin"] == nil || Self.isOwn(request) else { throw .otherSite }
      return
    }
    if let field = request.headers["Authorization"] {
      // The right one passes whatever others at its address have tried.
      if Self.isBearer(field, of: token) { return }
      let seconds = clock.seconds()
      try guesses.check(request.peer, at: seconds)
      guesses.note(request.peer, at: seconds)
      throw .unauthorized
    }
    guard rule != .tokenAlone, sessions.isOpen(request, at: clock.now()) else { throw .unauthorized }
    guard !changes || Self.isOwn(request) else { throw .foreignOrigin }
  }

  /// `auth-scheme 1*SP token68` of RFC 9110, section 11.4.
  private static func isBearer(_ field: String, of token: [UInt8]) -> Bool {
    let scheme = field.utf8.prefix { $0 != 0x20 }
    guard String(Substring(scheme)).lowercased() == "bearer" else { return false }
    return HMAC.equal(field.utf8.dropFirst(scheme.count).drop { $0 == 0x20 }, token)
  }

  /// Whether the page that asks is the service's own: `Origin` equal to `Host` (RFC 6454, section 7).
  static func isOwn(_ request: HTTPRequest) -> Bool {
    guard let origin = request.headers["Origin"]?.lowercased(), let host = request.headers["Host"]?.lowercased() else {
      return false
    }
    for (scheme, port) in [("http://", ":80"), ("https://", ":443")] where origin.hasPrefix(scheme) {
      let plain = { (text: Substring) in text.hasSuffix(port) ? text.dropLast(port.count) : text }
      return plain(origin.dropFirst(scheme.count)) == plain(host[...])
    }
    return false
  }
}

extension APIProblem {
  static let foreignOrigin = APIProblem(
    status: 403,
    detail: "A change in a page's session needs an Origin equal to Host; a program should send the token.")

  static let otherSite = APIProblem(
    status: 403,
    detail: "The request comes from a page of another site: its Origin is not this service's Host.")

  static func tooManyGuesses(_ seconds: Int) -> APIProblem {
    APIProblem(
      status: 429,
      detail: "Too many wrong tokens came from this address; wait a few seconds.",
      headers: [("Retry-After", "\(seconds)")])
  }
}
