import Foundation
import Promises
import Testing

@Suite struct PromiseTests {
  @Test func keptBeforeAnyoneWaits() async {
    let value = await Promise<Int>.kept { promise in promise.keep(7) }
    #expect(value == 7)
  }

  @Test func keptLaterByAnotherThread() async {
    let value = await Promise<[Int]>.kept { promise in
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.01)
        promise.keep([1, 2])
      }
    }
    #expect(value == [1, 2])
  }

  @Test func ofNothing() async {
    let value = await Promise<Int?>.kept { promise in promise.keep(nil) }
    #expect(value == nil)
  }

  @Test func manyFromAQueue() async {
    let queue = DispatchQueue(label: "cairn.test.promises", attributes: .concurrent)
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<500 {
        group.addTask { await queue.value { "\(number)" } == "\(number)" }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  /// An actor's own state may be touched while the promise is made.
  private actor Counter {
    private var made = 0

    func count() async -> Int {
      await Promise<Int>.kept { promise in
        made += 1
        promise.keep(made)
      }
    }
  }

  @Test func insideAnActor() async {
    let counter = Counter()
    #expect(await counter.count() == 1)
    #expect(await counter.count() == 2)
  }
}
