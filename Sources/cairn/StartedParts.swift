/// What of a service was started, in that order, so that it can be stopped in reverse: at its end, and where a later part
/// cannot be started.
struct StartedParts {
  private struct Part {
    var end: String
    var stop: () async -> Void
  }

  private var parts: [Part] = []

  /// Adds a part that is started, or is about to be; `end` says what its stop waits for: "the database to be closed".
  mutating func add(_ end: String, stop: @escaping () async -> Void) { parts.append(Part(end: end, stop: stop)) }

  /// Stops every part, the last one first; `telling` is told before each what is waited for.
  mutating func stop(telling: (String) -> Void) async {
    while let part = parts.popLast() {
      telling(part.end)
      await part.stop()
    }
  }

  /// The parts that `start` adds; where it fails, those that it had added by then are stopped before its error is thrown.
  static func started(
    telling: (String) -> Void, by start: (inout StartedParts) async throws -> Void
  ) async throws -> StartedParts {
    var parts = StartedParts()
    do { try await start(&parts) } catch {
      await parts.stop(telling: telling)
      throw error
    }
    return parts
  }
}
