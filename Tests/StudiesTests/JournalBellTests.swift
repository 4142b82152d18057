import Studies
import Testing

/// Whoever waits is woken by news, by the clock or by being cancelled; news that was there already wakes at once.
@Suite struct JournalBellTests {
  @Test func newsThatWasThereAlready() async {
    let bell = JournalBell()
    bell.ring(5)
    for _ in 0..<100 {
      #expect(await bell.wait(beyond: 4, seconds: 60))
    }
  }

  @Test func newsThatComes() async {
    let bell = JournalBell()
    async let woken = bell.wait(beyond: 0, seconds: 60)
    bell.ring(1)
    #expect(await woken)
  }

  @Test func nothingComes() async {
    let bell = JournalBell()
    bell.ring(3)
    #expect(await bell.wait(beyond: 3, seconds: 0) == false)
    #expect(await bell.wait(beyond: 3, seconds: 0.01) == false)
  }

  @Test func cancelled() async {
    let bell = JournalBell()
    let task = Task { await bell.wait(beyond: 0, seconds: 600) }
    task.cancel()
    #expect(await task.value == false)
  }
}
