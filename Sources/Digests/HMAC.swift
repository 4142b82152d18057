import CCrypto

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1): what only a holder of the key can make; computed by OpenSSL.
public enum HMAC {
  /// The code of a message under a key, 64 lower-case hexadecimal digits.
  public static func hexCode(of message: [UInt8], key: [UInt8]) -> String {
    let code = [UInt8](unsafeUninitializedCapacity: SHA256.length) { buffer, count in
      var length: UInt32 = 0
      // OpenSSL takes a missing key for the key of the call before.
      let made = (key.isEmpty ? [0] : key).withUnsafeBytes { keyBytes in
        CCrypto.HMAC(
          EVP_sha256(), keyBytes.baseAddress, Int32(key.count), message, message.count, buffer.baseAddress, &length)
      }
      precondition(made != nil && length == SHA256.length, "OpenSSL refused to make a code")
      count = SHA256.length
    }
    return hexadecimal(code)
  }

  /// Whether two texts are equal, in a time that does not tell where they differ; their lengths are no secret.
  public static func equal(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
    a.count == b.count && CRYPTO_memcmp(Array(a), Array(b), a.count) == 0
  }
}
