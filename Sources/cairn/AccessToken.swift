import Foundation

/// The secret that callers must show.
enum AccessToken {
  /// The token beside a database, in `DATABASE.token`; made and told to `announce` where there is none yet.
  static func beside(_ database: String, announce: (String) -> Void) throws(PlainError) -> String {
    let path = database + ".token"
    if let data = FileManager.default.contents(atPath: path) {
      let token = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      guard token.utf8.count >= 16 else { throw PlainError("\(path) holds no token of at least 16 characters.") }
      return token
    }
    var generator = SystemRandomNumberGenerator()
    let token = (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 36)
      return String(repeating: "0", count: 13 - digits.count) + digits
    }.joined()
    // Others on the machine must not read it, not even for a moment.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw PlainError("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do { try file.write(contentsOf: Data((token + "\n").utf8)) } catch {
      throw PlainError("\(path) cannot be written: \(error.localizedDescription).")
    }
    announce(token)
    return token
  }
}
