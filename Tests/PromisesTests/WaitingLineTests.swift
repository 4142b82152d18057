import Promises
import Testing

@Suite struct WaitingLineTests {
  typealias Line = WaitingLine<String, Int>

  /// Begins a wait on a task of its own, and returns once it is in the line.
  private func waiting(_ line: Line, _ request: String, seconds: Double = 3600) async -> Task<Int?, Never> {
    let (begun, told) = AsyncStream.makeStream(of: Void.self)
    let task = Task { await line.wait(with: request, seconds: seconds) { told.yield() } }
    for await _ in begun { break }
    return task
  }

  @Test func theFirstIsAnsweredAndNobodyElse() async {
    let line = Line()
    let first = await waiting(line, "first")
    let second = await waiting(line, "second")
    let place = line.takeFirst()
    #expect(place?.request == "first")
    place?.answer(1)
    #expect(await first.value == 1)
    #expect(!line.isEmpty)
    line.takeFirst()?.answer(2)
    #expect(await second.value == 2)
    #expect(line.isEmpty)
    #expect(line.takeFirst() == nil)
  }

  @Test func whoWaitsNoMoreIsPassedOver() async {
    let line = Line()
    let gone = await waiting(line, "gone")
    let next = await waiting(line, "next")
    gone.cancel()
    #expect(await gone.value == nil)
    let place = line.takeFirst()
    #expect(place?.request == "next")
    place?.answer(3)
    #expect(await next.value == 3)
  }

  @Test func whoIsTakenOutOfTheLineIsAnsweredThoughItIsCancelled() async {
    let line = Line()
    let task = await waiting(line, "taken")
    let place = line.takeFirst()
    task.cancel()
    place?.answer(4)
    #expect(await task.value == 4)
  }

  @Test func patienceEnds() async {
    #expect(await Line().wait(with: "", seconds: 0) {} == nil)
  }

  @Test func aCancelledTaskDoesNotBeginToWait() async {
    let line = Line()
    let late = Task { await line.wait(with: "", seconds: 3600) {} }
    late.cancel()
    #expect(await late.value == nil)
  }

  @Test func allWaitsCanBeEnded() async {
    let line = Line()
    let tasks = await [waiting(line, "a"), waiting(line, "b")]
    line.endAll()
    for task in tasks { #expect(await task.value == nil) }
    let again = await waiting(line, "again")
    line.close()
    #expect(await again.value == nil)
    #expect(await line.wait(with: "late", seconds: 3600) {} == nil)
  }
}
