import Studies
import TestSupport
import Testing

/// A wait ends by news, by the clock or by being cancelled; news that was there already ends it at once.
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

  @Test func theServiceStops() async {
    let bell = JournalBell()
    let task = Task { await bell.wait(beyond: 0, seconds: 600) }
    let isOver = ended(task)
    // Ended before it began, a wait would go on: so until it has ended.
    while await !isOver.isSet {
      bell.endWaits()
      await Task.yield()
    }
    #expect(await task.value == false)
  }

  private actor Mark {
    var isSet = false
    func set() { isSet = true }
  }

  private func ended(_ task: Task<Bool, Never>) -> Mark {
    let mark = Mark()
    Task {
      _ = await task.value
      await mark.set()
    }
    return mark
  }

  @Test func cancelled() async {
    let bell = JournalBell()
    let task = Task { await bell.wait(beyond: 0, seconds: 600) }
    task.cancel()
    #expect(await task.value == false)
  }
}

/// In which order changes are told.
@Suite struct JournalOrderTests {
  @Test func whatEndsAStudyIsToldLast() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("s"))
    try await bench.work(2, on: "s")
    let page = try await bench.store.journal(study: try await bench.study("s").id, beyond: 0, limit: 10_000)
    // A client that stops listening at the study's last event has been told how each trial ended.
    #expect(page.entries.last?.kind == .study)
    #expect(Set(page.entries.compactMap(\.number)) == Set(1...60))
  }
}
