import Foundation

/// The secret that callers must show, where it is kept beside a database, in `DATABASE.token`.
enum AccessToken {
  /// The token that is kept there; nil where there is none yet.
  static func kept(beside database: String) throws(PlainError) -> String? {
    let path = database + ".token"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PlainError("\(path) cannot be read.")
    }
    let token = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard token.utf8.count >= 16 else { throw PlainError("\(path) holds no token of at least 16 characters.") }
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
