import Testing

@testable import WorkerAgent

/// Waits before another attempt.
@Suite struct BackoffTests {
  @Test func waitsGrowToALimit() {
    var backoff = Backoff(random: { 0.5 })
    let waits = (0..<10).map { _ in backoff.next() }
    #expect(waits.prefix(3) == [0.1875, 0.375, 0.75])
    #expect(waits.last == 0.75 * Backoff.most)
    for _ in 0..<1000 { #expect(backoff.next() <= Backoff.most) }
    backoff.succeeded()
    #expect(backoff.next() == 0.1875)
  }

  @Test func jitterStaysInItsHalf() {
    for share in [0, 0.25, 0.999] {
      var backoff = Backoff(random: { share })
      let wait = backoff.next()
      #expect(wait >= Backoff.first / 2 && wait < Backoff.first)
    }
  }

  @Test func whatTheServiceAsksForIsKept() {
    var backoff = Backoff(random: { 0 })
    #expect(backoff.next(asked: 7) == 7)
    #expect(backoff.next(asked: 1e9) == 60)
    #expect(backoff.next(asked: 0) == 0.5)
  }
}
