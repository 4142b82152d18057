import Dispatch
import Testing

@testable import Promises

@Suite struct LockedTests {
  private struct Refused: Error, Equatable {}

  @Test func noChangeIsLost() {
    let counts = Locked([Int: Int]())
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for _ in 0..<10_000 { counts.withLock { $0[thread % 2, default: 0] += 1 } }
    }
    #expect(counts.value == [0: 40_000, 1: 40_000])
  }

  @Test func anErrorLeavesItUnlocked() throws {
    let count = Locked(0)
    #expect(throws: Refused()) {
      try count.withLock { value throws(Refused) in
        value = 1
        throw Refused()
      }
    }
    #expect(count.withLock { $0 } == 1)
  }
}
