import Digests
import Foundation
import HTTPMessages

/// Sessions of pages, as cookies that only a service with the same token can make; nothing is stored, so that they
/// outlive a restart. Another token ends them all.
struct Sessions: Sendable {
  /// How long a session lasts, in seconds.
  static let lifetime = 30 * 24 * 3600

  private let key: [UInt8]
  /// The cookie's name: services on other ports of a host share its cookies, and each has to find its own.
  let name: String

  /// Below which path browsers send the cookie.
  private let path: String

  init(token: String, path: String = "/") {
    self.path = path
    key = Array(HMAC.hexCode(of: Array("cairn session 1".utf8), key: Array(token.utf8)).utf8)
    name = "cairn-" + HMAC.hexCode(of: Array("name".utf8), key: key).prefix(8)
  }

  /// `Set-Cookie` of a new session.
  func begin(at now: Date) -> String {
    let end = Int(now.timeIntervalSince1970) + Self.lifetime
    let content = "\(end)-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    return cookie("\(content)-\(code(content))", seconds: Self.lifetime)
  }

  /// `Set-Cookie` that takes the session away.
  var end: String { cookie("", seconds: 0) }

  private func cookie(_ value: String, seconds: Int) -> String {
    "\(name)=\(value); Path=\(path); Max-Age=\(seconds); HttpOnly; SameSite=Strict"
  }

  /// Whether a request has the cookie of a session that has not ended.
  func isOpen(_ request: HTTPRequest, at now: Date) -> Bool {
    for field in request.headers.values(of: "Cookie") {
      for pair in field.split(separator: ";") {
        let sides = pair.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, sides[0].drop(while: { $0 == " " }) == name else { continue }
        let parts = sides[1].split(separator: "-")
        guard parts.count == 3, let end = Int(parts[0]), Double(end) > now.timeIntervalSince1970 else { continue }
        if HMAC.equal(parts[2].utf8, code("\(parts[0])-\(parts[1])").utf8) { return true }
      }
    }
    return false
  }

  private func code(_ content: String) -> String { HMAC.hexCode(of: Array(content.utf8), key: key) }
}
