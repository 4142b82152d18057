/// How long to wait before a service that was not reached is asked again: twice as long each time, up to a limit, and each
/// time a random part of it, so that many workers do not come back in one moment.
struct Backoff: Sendable {
  static let first = 0.25
  static let most = 15.0

  private var failures = 0
  private let random: @Sendable () -> Double

  /// `random` gives numbers of 0..<1.
  init(random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }) { self.random = random }

  /// The wait after one more failure, in seconds: from half of the step to all of it.
  ///
  /// `asked` is what the service asked for (`Retry-After`); it is kept where it is longer, up to a minute.
  mutating func next(asked: Double? = nil) -> Double {
    let step = min(Self.most, Self.first * Double(1 << min(failures, 20)))
    failures += 1
    return max(step * (0.5 + 0.5 * random()), min(60, asked ?? 0))
  }

  mutating func succeeded() { failures = 0 }
}
