import Compression
import Testing

@Suite struct GzipTests {
  static let sample = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }

  @Test(arguments: 0...9)
  func roundTripAtEveryLevel(level: Int) throws {
    for bytes in [[], [7], Self.sample] {
      let packed = Gzip.deflate(bytes, level: level)
      #expect(try Gzip.inflate(packed, limit: bytes.count) == bytes)
    }
  }

  @Test func readsWhatGzipWrote() throws {
    // printf 'hello\n' | gzip -n
    let packed: [UInt8] = [
      0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xE7, 2, 0, 0x20, 0x30, 0x3A, 0x36, 6, 0, 0, 0,
    ]
    #expect(try Gzip.inflate(packed, limit: 100) == Array("hello\n".utf8))
  }

  @Test func severalMembersAreOneStream() throws {
    let packed = Gzip.deflate([1, 2]) + Gzip.deflate([]) + Gzip.deflate([3])
    #expect(try Gzip.inflate(packed, limit: 3) == [1, 2, 3])
  }

  @Test func theLimitIsExact() throws {
    let bytes = [UInt8](repeating: 0, count: 1_000_000)
    let packed = Gzip.deflate(bytes)
    #expect(try Gzip.inflate(packed, limit: 1_000_000).count == 1_000_000)
    #expect(throws: GzipError.tooLarge(limit: 999_999)) { try Gzip.inflate(packed, limit: 999_999) }
    var handed = 0
    #expect(throws: GzipError.tooLarge(limit: 100_000)) {
      try Gzip.inflate(packed, limit: 100_000) { handed += $0.count }
    }
    #expect(handed <= 100_000)
  }

  @Test func everyPrefixIsTruncated() throws {
    let packed = Gzip.deflate(Array(Self.sample.prefix(300)))
    for length in 1..<packed.count {
      #expect(throws: GzipError.truncated) { try Gzip.inflate(Array(packed[..<length]), limit: 1000) }
    }
    #expect(throws: GzipError.notGzip) { try Gzip.inflate([], limit: 1000) }
  }

  @Test func everyFlippedByteIsNoticedOrHarmless() throws {
    let bytes = Array(Self.sample.prefix(300))
    let packed = Gzip.deflate(bytes)
    for at in packed.indices {
      var damaged = packed
      damaged[at] ^= 0x55
      // The head's time and system carry no content; everywhere else a wrong byte must not pass for the same data.
      if let result = try? Gzip.inflate(damaged, limit: 10_000) { #expect(result == bytes && at < 10) }
    }
  }

  @Test func trailingBytesAreRefused() {
    let packed = Gzip.deflate([1, 2, 3])
    #expect(throws: GzipError.trailingBytes) { try Gzip.inflate(packed + [0], limit: 10) }
    #expect(throws: GzipError.trailingBytes) { try Gzip.inflate(packed + [0x1F, 0], limit: 10) }
    #expect(throws: GzipError.truncated) { try Gzip.inflate(packed + [0x1F, 0x8B], limit: 10) }
  }
}
