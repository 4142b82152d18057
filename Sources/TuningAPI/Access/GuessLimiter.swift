import Foundation
import Promises

/// Bounds how many wrong tokens an address may try: some at once, then one for each `refill` seconds.
final class GuessLimiter: Sendable {
  /// Wrong tokens that an address may try at once.
  static let burst = 20.0
  /// After how many seconds it may try one more.
  static let refill = 3.0
  /// How many addresses are remembered.
  private static let capacity = 4096

  /// For each address the time at which it has all its tries again.
  private let restored = Locked<[String: Double]>([:])

  /// Throws 429 while an address has no try left; `time` is a reading of the clock's `seconds`.
  func check(_ peer: String, at time: Double) throws(APIProblem) {
    let wait = restored.withLock { ($0[Self.key(peer)] ?? 0) - time - (Self.burst - 1) * Self.refill }
    if wait > 0 { throw .tooManyGuesses(Int(wait.rounded(.up))) }
  }

  /// Records a wrong token.
  func note(_ peer: String, at time: Double) {
    let key = Self.key(peer)
    restored.withLock { restored in
      if restored.count >= Self.capacity, restored[key] == nil {
        restored = restored.filter { $0.value > time }
        // This many at once are an attack from many addresses; forgetting those nearest to their end bounds the memory.
        if restored.count >= Self.capacity {
          for entry in restored.sorted(by: { $0.value < $1.value }).prefix(Self.capacity / 4) {
            restored[entry.key] = nil
          }
        }
      }
      restored[key] = max(restored[key] ?? 0, time) + Self.refill
    }
  }

  /// The address; of IPv6 the first 64 bits, because a caller has all the rest.
  static func key(_ peer: String) -> String {
    var address = in6_addr()
    guard peer.contains(":"), inet_pton(AF_INET6, peer, &address) == 1 else { return peer }
    return withUnsafeBytes(of: address) { bytes in
      let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
      return (isMapped ? bytes[12...] : bytes[..<8]).map { String($0, radix: 16) }.joined(separator: ":")
    }
  }
}
