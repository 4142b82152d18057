import Testing

@testable import Digests

/// The test cases of RFC 4231.
@Suite struct HMACTests {
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0B, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func publishedVectors(key: [UInt8], message: String, code: String) {
    #expect(HMAC.hexCode(of: Array(message.utf8), key: key) == code)
  }

  /// Computed with Python's hmac.
  @Test func anEmptyKeyAndAnEmptyMessage() {
    #expect(
      HMAC.hexCode(of: [], key: []) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    #expect(
      HMAC.hexCode(of: Array("a".utf8), key: []) == "9615a95d4a336118c435b9cd54c5e8644ab956b573aa2926274a1280b6674713")
  }

  @Test func equality() {
    #expect(HMAC.equal([], []))
    #expect(HMAC.equal([1, 2, 3], [1, 2, 3]))
    #expect(!HMAC.equal([1, 2, 3], [1, 2, 4]))
    #expect(!HMAC.equal([1, 2, 3], [1, 2]))
  }
}
