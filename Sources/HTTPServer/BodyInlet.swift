import Promises

/// What has come of a request's body and its handler has not read yet; says when the client must wait.
final class BodyInlet: Sendable {
  /// Unread bytes above which nothing more is taken from the socket.
  static let capacity = 256 << 10

  private let connection: UInt64
  private let inbox: Inbox
  private let state = Locked(State())

  private struct State {
    var pieces: [[UInt8]] = []
    var first = 0
    var count = 0
    var hasBeenRead = false
    var reader: CheckedContinuation<Void, any Error>?
    /// What the reader is given; by the lock and not by the continuation, whose order the thread sanitizer does not see
    /// where it is resumed before it is waited for.
    var handed: [UInt8]?
    var outcome: Result<Void, any Error>?

    mutating func takePiece() -> [UInt8]? {
      guard first < pieces.count else { return nil }
      let piece = pieces[first]
      pieces[first] = []
      first += 1
      if first == pieces.count { (pieces, first) = ([], 0) }
      count -= piece.count
      return piece
    }
  }

  init(connection: UInt64, inbox: Inbox) {
    self.connection = connection
    self.inbox = inbox
  }

  /// Whether the client must wait.
  var isFull: Bool { state.withLock { $0.count > Self.capacity } }

  /// Bytes that wait for their reader.
  var held: Int { state.withLock { $0.count } }

  /// The next piece, nil at the end.
  func next() async throws -> [UInt8]? {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let answer: Result<Void, any Error>? = state.withLock { state in
        precondition(state.reader == nil, "the body of a request has one reader at a time")
        let wasFull = state.count > Self.capacity
        state.handed = state.takePiece()
        let hasRoomAgain = wasFull && state.count <= Self.capacity
        if !state.hasBeenRead || hasRoomAgain { inbox.post(.bodyRead(connection: connection)) }
        state.hasBeenRead = true
        if state.handed != nil { return .success(()) }
        if let outcome = state.outcome { return outcome }
        state.reader = continuation
        return nil
      }
      if let answer { continuation.resume(with: answer) }
    }
    return state.withLock { state in
      defer { state.handed = nil }
      return state.handed
    }
  }

  /// More has come.
  func add(_ piece: [UInt8]) {
    let waiting = state.withLock { state in
      defer { state.reader = nil }
      if state.reader == nil {
        state.pieces.append(piece)
        state.count += piece.count
      } else {
        state.handed = piece
      }
      return state.reader
    }
    waiting?.resume()
  }

  /// Nothing more comes: the body is whole, or why not; only the first call counts.
  func finish(_ failure: (any Error)?) {
    let waiting: (CheckedContinuation<Void, any Error>, Result<Void, any Error>)? = state.withLock { state in
      guard state.outcome == nil else { return nil }
      let result: Result<Void, any Error> = failure.map { .failure($0) } ?? .success(())
      state.outcome = result
      // What is broken is not read to its last good byte.
      if failure != nil { (state.pieces, state.first, state.count) = ([], 0, 0) }
      defer { state.reader = nil }
      return state.reader.map { ($0, result) }
    }
    if let (reader, result) = waiting { reader.resume(with: result) }
  }
}
