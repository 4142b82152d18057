import Testing

@testable import Digests

/// The examples that NIST publishes for FIPS 180-4, and boundaries of the padding.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func publishedVectors(text: String, digest: String) {
    #expect(SHA256.hexDigest(of: Array(text.utf8)) == digest)
  }

  @Test func aMillionLettersA() {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(SHA256.hexDigest(of: bytes) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func piecesGiveTheSameAsTheWhole() {
    for length in [1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 300] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 31) }
      let whole = SHA256.hexDigest(of: bytes)
      for piece in [1, 3, 55, 64, 65] {
        var hash = SHA256()
        for start in stride(from: 0, to: length, by: piece) {
          Array(bytes[start..<min(length, start + piece)]).withUnsafeBytes { hash.update($0) }
        }
        #expect(hash.finalize() == whole)
      }
    }
  }

  @Test func copiesGoOnByThemselves() {
    var first = SHA256()
    Array("ab".utf8).withUnsafeBytes { first.update($0) }
    var second = first
    Array("c".utf8).withUnsafeBytes { second.update($0) }
    #expect(first.finalize() == SHA256.hexDigest(of: Array("ab".utf8)))
    #expect(second.finalize() == SHA256.hexDigest(of: Array("abc".utf8)))
  }

  @Test func noBytesChangeNothing() {
    var hash = SHA256()
    hash.update(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(hash.finalize() == SHA256.hexDigest(of: []))
  }
}
