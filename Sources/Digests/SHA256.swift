import CCrypto

/// SHA-256 (FIPS 180-4, section 6.2), fed piece by piece; computed by OpenSSL.
public struct SHA256: Sendable {
  /// Bytes of a digest.
  static let length = 32

  private var context = Context()

  /// Begins a digest.
  public init() {}

  /// The digest of some bytes, 64 lower-case hexadecimal digits.
  public static func hexDigest(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finalize()
  }

  /// Takes in more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    own()
    let done = EVP_DigestUpdate(context.pointer, bytes.baseAddress, bytes.count)
    precondition(done == 1, "OpenSSL refused to update a digest")
  }

  /// Ends the digest: 64 lower-case hexadecimal digits.
  public consuming func finalize() -> String {
    own()
    let digest = [UInt8](unsafeUninitializedCapacity: Self.length) { buffer, count in
      var length: UInt32 = 0
      let done = EVP_DigestFinal_ex(context.pointer, buffer.baseAddress, &length)
      precondition(done == 1 && length == Self.length, "OpenSSL refused to end a digest")
      count = Self.length
    }
    return hexadecimal(digest)
  }

  /// A copy of the value gets a context of its own before it changes.
  private mutating func own() {
    if !isKnownUniquelyReferenced(&context) { context = Context(copying: context) }
  }

  /// OpenSSL's state of a digest.
  ///
  /// `@unchecked Sendable`: the state behind the pointer changes only through a value that holds the only reference.
  private final class Context: @unchecked Sendable {
    let pointer: OpaquePointer

    init() {
      pointer = Self.made()
      let begun = EVP_DigestInit_ex(pointer, EVP_sha256(), nil)
      precondition(begun == 1, "OpenSSL has no SHA-256")
    }

    init(copying other: Context) {
      pointer = Self.made()
      let copied = EVP_MD_CTX_copy_ex(pointer, other.pointer)
      precondition(copied == 1, "OpenSSL could not copy a digest")
    }

    deinit { EVP_MD_CTX_free(pointer) }

    private static func made() -> OpaquePointer {
      guard let made = EVP_MD_CTX_new() else { preconditionFailure("there is no memory for a digest") }
      return made
    }
  }
}

/// Two lower-case digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
