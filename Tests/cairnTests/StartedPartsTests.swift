import Promises
import Testing

@testable import cairn

/// In which order the parts of a service are stopped.
@Suite struct StartedPartsTests {
  private struct Failed: Error {}

  /// What happened, in order.
  private let events = Locked<[String]>([])

  private func note(_ event: String) { events.withLock { $0.append(event) } }

  /// Starts one part after the other; the one called `failing` cannot be started.
  private func start(_ names: [String], failing: String? = nil) async throws -> StartedParts {
    try await StartedParts.started(telling: { note("waits for \($0)") }) { parts in
      for name in names {
        if name == failing { throw Failed() }
        note("start \(name)")
        parts.add(name) { note("stop \(name)") }
      }
    }
  }

  @Test func partsAreStoppedInReverse() async throws {
    var parts = try await start(["a", "b", "c"])
    #expect(events.value == ["start a", "start b", "start c"])
    await parts.stop { note("waits for \($0)") }
    #expect(
      events.value.dropFirst(3) == ["waits for c", "stop c", "waits for b", "stop b", "waits for a", "stop a"])
    // Once.
    await parts.stop { note("waits for \($0)") }
    #expect(events.value.count == 9)
  }

  @Test func whatWasStartedIsStoppedWhereALaterPartFails() async throws {
    await #expect(throws: Failed.self) { _ = try await start(["a", "b", "c"], failing: "c") }
    #expect(events.value == ["start a", "start b", "waits for b", "stop b", "waits for a", "stop a"])
  }

  @Test func nothingIsStoppedWhereTheFirstPartFails() async throws {
    await #expect(throws: Failed.self) { _ = try await start(["a"], failing: "a") }
    #expect(events.value.isEmpty)
  }
}
