import Promises
import Testing

@testable import TuningAPI

/// The turns of expensive answers, and the places of streams.
@Suite struct ExpensiveAnswersTests {
  /// Something that goes on until it is told to end.
  private actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func open() {
      isOpen = true
      for waiter in waiters { waiter.resume() }
      waiters = []
    }

    func pass() async {
      if !isOpen { await withCheckedContinuation { waiters.append($0) } }
    }
  }

  private func wait(_ condition: () async -> Bool) async {
    while await !condition() { await Task.yield() }
  }

  private func status(_ body: () async throws(APIProblem) -> Int) async -> Int {
    do throws(APIProblem) { return try await body() } catch { return error.status }
  }

  @Test func aFewRunAndOthersWaitInLine() async throws {
    let answers = ExpensiveAnswers(atOnce: 2, lineLength: 1, patience: 600)
    let gate = Gate()
    let tasks = (0..<3).map { _ in
      Task {
        await status { () async throws(APIProblem) in
          try await answers.make {
            await gate.pass(); return 200
          }
        }
      }
    }
    await wait { answers.load == (2, 1) }
    // The line is full: the next one is told to come again.
    await #expect(throws: APIProblem.self) { try await answers.make { 200 } }
    #expect(ExpensiveAnswers.busy.status == 503 && ExpensiveAnswers.busy.headers.contains { $0.0 == "Retry-After" })
    // What has begun is not turned away.
    let piece = Task { try await answers.makePiece { 200 } }
    await wait { answers.load == (2, 2) }
    await gate.open()
    for task in tasks { #expect(await task.value == 200) }
    #expect(try await piece.value == 200)
    #expect(answers.load == (0, 0))
  }

  @Test func whoWaitsTooLongIsToldToComeAgain() async throws {
    let answers = ExpensiveAnswers(atOnce: 1, patience: 0.01)
    let gate = Gate()
    let first = Task {
      await status { () async throws(APIProblem) in
        try await answers.make {
          await gate.pass(); return 200
        }
      }
    }
    await wait { answers.load == (1, 0) }
    #expect(await status { () async throws(APIProblem) in try await answers.make { 200 } } == 503)
    await gate.open()
    #expect(await first.value == 200)
    #expect(answers.load == (0, 0))
  }

  @Test func whoIsGoneLeavesTheLine() async throws {
    let answers = ExpensiveAnswers(atOnce: 1, patience: 600)
    let gate = Gate()
    let first = Task {
      await status { () async throws(APIProblem) in
        try await answers.make {
          await gate.pass(); return 200
        }
      }
    }
    await wait { answers.load == (1, 0) }
    let second = Task { await status { () async throws(APIProblem) in try await answers.make { 200 } } }
    let piece = Task { try await answers.makePiece { 200 } }
    await wait { answers.load == (1, 2) }
    second.cancel()
    piece.cancel()
    #expect(await second.value == 503)
    await #expect(throws: CancellationError.self) { try await piece.value }
    #expect(answers.load == (1, 0))
    await gate.open()
    #expect(await first.value == 200)
  }

  @Test func anAnswerThatFailsGivesItsTurnBack() async throws {
    let answers = ExpensiveAnswers(atOnce: 1)
    for _ in 0..<3 {
      await #expect(throws: APIProblem.self) {
        try await answers.make { () async throws(APIProblem) -> Int in throw .notAcceptable }
      }
    }
    #expect(answers.load == (0, 0))
  }

  @Test func theClientThatTookNothingLongestLosesItsPlace() async throws {
    let places = StreamPlaces(most: 2, slow: .zero)
    let gate = Gate()
    let first = try #require(places.take())
    let second = try #require(places.take())
    let slow = Task {
      try await first.hold {
        await withTaskCancellationHandler {
          await gate.pass()
        } onCancel: {
          Task { await gate.open() }
        }
      }
    }
    second.moves()
    let third = places.take()
    #expect(third != nil && places.taken == 2)
    try await slow.value
    // It begins after it has lost its place.
    let late = Task { try await first.hold { if Task.isCancelled { throw CancellationError() } } }
    await #expect(throws: CancellationError.self) { try await late.value }
  }

  @Test func nobodyLosesAPlaceWhileItMoves() {
    let places = StreamPlaces(most: 1, slow: .seconds(600))
    var first = places.take()
    #expect(first != nil && places.take() == nil)
    first = nil
    #expect(places.taken == 0 && places.take() != nil)
  }
}
