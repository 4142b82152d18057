/// HMAC with SHA-256 (RFC 2104, FIPS 198-1): what only a holder of the key can make.
public enum HMAC {
  /// The code of a message under a key, 64 lower-case hexadecimal digits.
  public static func hexCode(of message: [UInt8], key: [UInt8]) -> String {
    var block = key.count > 64 ? bytes(SHA256.hexDigest(of: key)) : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    let inner = SHA256.hexDigest(of: block.map { $0 ^ 0x36 } + message)
    return SHA256.hexDigest(of: block.map { $0 ^ 0x5C } + bytes(inner))
  }

  /// Whether two texts are equal, in a time that does not tell where they differ; their lengths are no secret.
  public static func equal(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// What lower-case hexadecimal digits stand for.
  private static func bytes(_ digits: String) -> [UInt8] {
    let values = digits.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }
}
