import Promises
import Testing

@Suite struct WaitersTests {
  /// Begins a wait on a task of its own, and returns once it can be woken.
  private func waiting(
    _ waiters: Waiters<Int>, _ key: Int, seconds: Double = 3600
  ) async -> Task<Bool, Never> {
    let (begun, told) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      await waiters.wait(for: key, seconds: seconds) {
        told.yield()
        return false
      }
    }
    for await _ in begun { break }
    return task
  }

  @Test func aWakeUpIsOfOneKey() async {
    let waiters = Waiters<Int>()
    let (one, same, other) = await (waiting(waiters, 1), waiting(waiters, 1), waiting(waiters, 2))
    waiters.wake(1)
    #expect(await one.value)
    #expect(await same.value)
    waiters.wake(1)
    waiters.wake { $0 > 1 }
    #expect(await other.value)
  }

  @Test func whatIsOverIsNotWaitedFor() async {
    #expect(await Waiters<Int>().wait(for: 1, seconds: 3600) { true })
  }

  @Test func patienceEnds() async {
    #expect(await !Waiters<Int>().wait(for: 1, seconds: 0) { false })
  }

  @Test func aCancelledTaskWaitsNoMore() async {
    let waiters = Waiters<Int>()
    let task = await waiting(waiters, 1)
    task.cancel()
    #expect(await !task.value)
    let late = Task { await waiters.wait(for: 1, seconds: 3600) { false } }
    late.cancel()
    #expect(await !late.value)
  }

  @Test func allWaitsCanBeEnded() async {
    let waiters = Waiters<Int>()
    let tasks = await [waiting(waiters, 1), waiting(waiters, 2)]
    waiters.endAll()
    for task in tasks { #expect(await !task.value) }
  }
}
