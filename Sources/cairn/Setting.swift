import Foundation

/// A setting that a flag gives, else an environment variable, else a default.
struct Setting {
  let variable: String
  let environment: [String: String]

  init(_ variable: String, in environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.variable = variable
    self.environment = environment
  }

  /// The variable's text; an empty one counts as not set.
  var text: String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }

  /// The flag's value, else the variable's, else nil; throws where the variable's text is no such value.
  func value<Value>(_ flag: Value?, _ parse: (String) -> Value?, _ expected: String) throws(PlainError) -> Value? {
    if let flag { return flag }
    guard let text else { return nil }
    guard let value = parse(text) else { throw PlainError("\(variable) is \"\(text)\"; it should be \(expected).") }
    return value
  }
}

/// What went wrong at start, in one sentence for a person.
struct PlainError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A number of bytes, written `4GiB`, `512MiB`, `16KiB` or plainly.
struct ByteCount {
  let bytes: Int

  init?(_ text: String) {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)]
    let (number, factor) =
      units.first { text.hasSuffix($0.0) }.map { (String(text.dropLast(3)), $0.1) } ?? (text, 1)
    guard let count = Int(number), count > 0, count <= Int.max / factor else { return nil }
    bytes = count * factor
  }
}

/// A host and a port, written `127.0.0.1:8080` or `[::1]:8080`.
struct ListenAddress: CustomStringConvertible {
  var host: String
  let port: Int

  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else { return nil }
    self.host = host
    self.port = port
  }

  /// What `--listen` gives.
  init(flag text: String) throws(PlainError) {
    guard let address = ListenAddress(text) else {
      throw PlainError("--listen is \"\(text)\"; it should be a host and a port such as 127.0.0.1:8080.")
    }
    self = address
  }

  /// `host:port`, an address of IPv6 in brackets.
  var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether nobody but this machine can reach it; a name that only looks like an address is none.
  var isLoopback: Bool {
    let isNumeric = host.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }
    return host == "localhost" || host == "::1" || (host.hasPrefix("127.") && isNumeric)
  }
}
