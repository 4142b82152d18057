/// Judges window by window whether bytes come, or go, at the least rate.
struct Pace {
  /// When the window ends, in nanoseconds of the monotonic clock.
  private(set) var end: UInt64
  /// Bytes that had passed when it began.
  private var bytes: Int

  init(at now: UInt64, bytes: Int, window: UInt64) {
    end = now &+ window
    self.bytes = bytes
  }

  /// Begins the next window; false where fewer than `least` bytes passed in this one.
  mutating func goesOn(at now: UInt64, bytes: Int, least: Int, window: UInt64) -> Bool {
    guard bytes - self.bytes >= least else { return false }
    self = Pace(at: now, bytes: bytes, window: window)
    return true
  }
}
