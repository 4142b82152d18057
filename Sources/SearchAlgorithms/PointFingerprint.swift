import SearchSpace

/// 128 bits of a point: a search that only wants to know whether it met a point keeps 16 bytes of it, not the point.
///
/// Among a million points two have the same once in 10²⁶ studies. The bits are the same on every machine and in every run.
struct PointFingerprint: Hashable, Sendable {
  private var first: UInt64 = 0xCBF2_9CE4_8422_2325
  private var second: UInt64 = 0x9E37_79B9_7F4A_7C15

  init(_ point: Point) {
    for (name, value) in point.values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      for byte in name.utf8 { add(UInt64(byte)) }
      switch value {
      case .integer(let value): add(1 << 32 | 1, UInt64(bitPattern: Int64(value)))
      // −0 is 0.
      case .real(let value): add(1 << 32 | 2, (value == 0 ? 0 : value).bitPattern)
      case .boolean(let value): add(1 << 32 | 3, value ? 1 : 0)
      case .string(let text):
        add(1 << 32 | 4)
        for byte in text.utf8 { add(UInt64(byte)) }
      }
      add(1 << 32)
    }
  }

  /// The bits of some words in a row.
  init(words: some Sequence<UInt64>) {
    for word in words { add(word) }
  }

  /// FNV-1a by words, and a rotation with another odd factor.
  private mutating func add(_ words: UInt64...) {
    for word in words {
      first = (first ^ word) &* 0x100_0000_01B3
      first ^= first >> 29
      second = ((second << 23 | second >> 41) ^ word) &* 0xD6E8_FEB8_6659_FD93
      second ^= second >> 32
    }
  }
}
