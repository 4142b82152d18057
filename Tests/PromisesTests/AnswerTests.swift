import Promises
import Testing

@Suite struct AnswerTests {
  /// Answers a question once it is open; until then those who ask wait.
  private struct Door {
    var isOpen = false
    var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
  }

  /// Waits until the door is open, or gives false; `asked` is told when the continuation is kept.
  private func wait(at door: Locked<Door>, asked: () -> Void = {}) async -> Bool {
    await door.answer { door, number, continuation in
      if door.isOpen { return true }
      door.waiting[number] = continuation
      asked()
      return nil
    } takeBack: { door, number in
      door.waiting.removeValue(forKey: number)
    }
  }

  /// Tasks that wait.
  private func waiting(_ door: Locked<Door>, _ count: Int) async -> [Task<Bool, Never>] {
    let (begun, told) = AsyncStream.makeStream(of: Void.self)
    let tasks = (0..<count).map { _ in Task { await wait(at: door) { told.yield() } } }
    var kept = begun.makeAsyncIterator()
    for _ in 0..<count { await kept.next() }
    return tasks
  }

  @Test func anAnswerThatIsThereIsGivenAtOnce() async {
    let door = Locked(Door(isOpen: true))
    #expect(await wait(at: door))
    #expect(door.withLock { $0.waiting.isEmpty })
  }

  @Test func theOneWhoTakesAContinuationOutGivesTheAnswer() async {
    let door = Locked(Door())
    let tasks = await waiting(door, 3)
    let taken = door.withLock { door in
      defer { door = Door(isOpen: true) }
      return Array(door.waiting.values)
    }
    // Each wait has a number of its own.
    #expect(taken.count == 3)
    for continuation in taken { continuation.resume(returning: true) }
    for task in tasks { #expect(await task.value) }
  }

  @Test func aCancelledTaskWaitsNoMore() async {
    let door = Locked(Door())
    let tasks = await waiting(door, 2)
    tasks[0].cancel()
    #expect(await !tasks[0].value)
    #expect(door.withLock { $0.waiting.count } == 1)
    tasks[1].cancel()
    #expect(await !tasks[1].value)
  }

  @Test func aTaskThatIsCancelledAlreadyDoesNotWait() async {
    let door = Locked(Door())
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await wait(at: door)
    }
    task.cancel()
    #expect(await !task.value)
    #expect(door.withLock { $0.waiting.isEmpty })
  }
}
