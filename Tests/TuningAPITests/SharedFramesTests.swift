import Foundation
import Synchronization
import Testing

@testable import TuningAPI

/// Streams that tell of one change send one event.
@Suite struct SharedFramesTests {
  private struct Broken: Error {}

  private final class Count: Sendable {
    private let value = Atomic<Int>(0)
    var now: Int { value.load(ordering: .sequentiallyConsistent) }
    func add() { value.add(1, ordering: .sequentiallyConsistent) }
  }

  private let study = UUID()

  private func key(_ position: Int, _ number: Int? = nil) -> SharedFrames.Key {
    SharedFrames.Key(study: study, number: number, position: position)
  }

  @Test func aChangeIsMadeOnceForAll() async throws {
    let frames = SharedFrames(lifetime: .seconds(3600))
    let made = Count()
    let one = key(7)
    let all = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await frames.frame(one) {
            made.add()
            return [1, 2]
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all == Array(repeating: [1, 2], count: 50) && made.now == 1)
    for other in [key(8), key(7, 1)] { #expect(try await frames.frame(other) { [3] } == [3]) }
    #expect(try await frames.frame(one) { [4] } == [1, 2])
  }

  @Test func whatIsOldOrBrokenIsMadeAgain() async throws {
    let passing = SharedFrames(lifetime: .zero)
    #expect(try await passing.frame(key(1)) { [1] } == [1])
    #expect(try await passing.frame(key(1)) { [2] } == [2])
    let frames = SharedFrames(capacity: 2, lifetime: .seconds(3600))
    await #expect(throws: Broken.self) { try await frames.frame(key(1)) { throw Broken() } }
    for position in 1...3 { #expect(try await frames.frame(key(position)) { [UInt8(position)] } == [UInt8(position)]) }
    // Only the last ones are kept.
    #expect(try await frames.frame(key(1)) { [9] } == [9])
    #expect(try await frames.frame(key(3)) { [9] } == [3])
    #expect(try await frames.frame(key(4)) { nil } == nil)
  }
}
