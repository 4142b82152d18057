import Foundation

/// The secret that callers must show, where it is kept beside a database, in `DATABASE.token`.
enum AccessToken {
  /// The fewest characters of a token where others than this machine can guess.
  private static let least = 16

  /// The token of a variable, without white space at its ends; throws where nobody could send it or anybody guess it.
  static func given(_ text: String?, isLoopback: Bool) throws(PlainError) -> String? {
    guard let text else { return nil }
    let token = try sendable(text, "CAIRN_TOKEN")
    guard isLoopback || token.utf8.count >= least else {
      throw PlainError(
        "CAIRN_TOKEN has \(token.utf8.count) characters; it should have at least \(least) where other machines connect."
      )
    }
    return token
  }

  /// The token that a caller shows: that of a file, else that of CAIRN_TOKEN, else none.
  static func shown(file: String?, variable text: String?) throws(PlainError) -> String? {
    guard let file else {
      guard let text else { return nil }
      return try sendable(text, "CAIRN_TOKEN")
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw PlainError("--token-file is \(file), which cannot be read.")
    }
    return try sendable(String(decoding: data, as: UTF8.self), file)
  }

  /// The text without white space at its ends, as far as it can be sent in `Authorization`.
  private static func sendable(_ text: String, _ source: String) throws(PlainError) -> String {
    let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !token.isEmpty else { throw PlainError("\(source) contains only white space; it should contain a token.") }
    guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw PlainError(
        "\(source) contains a blank, a control character or a letter beyond ASCII, which no client can send; "
          + "a token is made of ASCII letters, digits and signs.")
    }
    return token
  }

  /// The token that is kept there; nil where there is none yet.
  static func kept(beside database: String) throws(PlainError) -> String? {
    let path = database + ".token"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PlainError("\(path) cannot be read.")
    }
    let token = try sendable(String(decoding: data, as: UTF8.self), path)
    guard token.utf8.count >= least else {
      throw PlainError("\(path) contains no token of at least \(least) characters.")
    }
    return token
  }

  /// Makes a token, keeps it there, and shows it once; to be called when nothing else is left that could refuse the start.
  static func made(beside database: String) throws(PlainError) -> String {
    let path = database + ".token"
    var generator = SystemRandomNumberGenerator()
    let token = (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 36)
      return String(repeating: "0", count: 13 - digits.count) + digits
    }.joined()
    guard keep(token, at: path) else {
      throw PlainError("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
    if !StandardStream.output.say("The token, kept in \(path): \(token)") {
      // What was made must not stay unknown.
      StandardStream.error.say("cairn: the token could not be shown on standard output; it is kept in \(path).")
    }
    return token
  }

  /// Writes the file whole or not at all, else with `errno`: a piece of a token would be taken for one at the next start.
  private static func keep(_ token: String, at path: String) -> Bool {
    let new = path + ".new"
    unlink(new)
    // Others on the machine must not read it, not even for a moment.
    let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    let line = Array("\(token)\n".utf8)
    errno = ENOSPC
    let isWritten = write(descriptor, line, line.count) == line.count && fsync(descriptor) == 0
    var code = errno
    close(descriptor)
    if isWritten, rename(new, path) == 0 { return true }
    if isWritten { code = errno }
    unlink(new)
    errno = code
    return false
  }
}
