import Promises

/// Bounds how many long answers are sent at once, since each holds some memory for its client.
///
/// Where all places are taken, a newcomer gets that of the client that has taken nothing for the longest time, if that is
/// long: clients that do not read cannot shut all others out.
final class StreamPlaces: Sendable {
  /// A place; it is free again when nobody holds it any more.
  final class Place: Sendable {
    private let id: Int
    private let places: StreamPlaces

    fileprivate init(id: Int, places: StreamPlaces) { (self.id, self.places) = (id, places) }

    deinit { places.leave(id) }

    /// Runs what sends the answer, until it ends or has to give up its place.
    func hold(_ body: @escaping @Sendable () async throws -> Void) async throws {
      let task = Task { try await body() }
      places.begin(id, task)
      try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
    }

    /// The client has taken what was sent before.
    func moves() { places.moves(id) }
  }

  private struct Holder {
    var movedAt = ContinuousClock.now
    var task: Task<Void, any Error>?
  }

  private let most: Int
  private let slow: Duration
  private let state = Locked(State())

  private struct State {
    var holders: [Int: Holder] = [:]
    var count = 0
  }

  /// `most` places, whose holders lose theirs where another wants it and they have taken nothing for `slow`.
  init(most: Int = 64, slow: Duration = .seconds(10)) {
    self.most = most
    self.slow = slow
  }

  /// How many are taken.
  var taken: Int { state.withLock { $0.holders.count } }

  /// A place, or nil where there is none.
  func take() -> Place? {
    let (id, loser) = state.withLock { state -> (Int?, Holder?) in
      var loser: Holder?
      if state.holders.count >= most {
        guard let slowest = state.holders.min(by: { $0.value.movedAt < $1.value.movedAt }),
          slowest.value.movedAt.duration(to: .now) >= slow
        else { return (nil, nil) }
        loser = state.holders.removeValue(forKey: slowest.key)
      }
      state.count += 1
      state.holders[state.count] = Holder()
      return (state.count, loser)
    }
    loser?.task?.cancel()
    return id.map { Place(id: $0, places: self) }
  }

  private func begin(_ id: Int, _ task: Task<Void, any Error>) {
    let hasPlace = state.withLock { state in
      state.holders[id]?.task = task
      return state.holders[id] != nil
    }
    if !hasPlace { task.cancel() }
  }

  private func moves(_ id: Int) { state.withLock { $0.holders[id]?.movedAt = .now } }

  private func leave(_ id: Int) { state.withLock { $0.holders[id] = nil } }
}
