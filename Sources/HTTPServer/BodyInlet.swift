import Foundation

/// What has come of a request's body and its handler has not read yet; says when the client must wait.
final class BodyInlet: @unchecked Sendable {
  // Sendable: every variable is used under the lock alone; all else is constant.

  /// Unread bytes above which nothing more is taken from the socket.
  static let capacity = 256 << 10

  private let connection: UInt64
  private let inbox: Inbox
  private let lock = NSLock()
  private var pieces: [[UInt8]] = []
  private var first = 0
  private var count = 0
  private var hasBeenRead = false
  private var reader: CheckedContinuation<[UInt8]?, any Error>?
  private var outcome: Result<Void, any Error>?

  init(connection: UInt64, inbox: Inbox) {
    self.connection = connection
    self.inbox = inbox
  }

  /// Whether the client must wait.
  var isFull: Bool { lock.withLock { count > Self.capacity } }

  /// The next piece, nil at the end.
  func next() async throws -> [UInt8]? {
    try await withCheckedThrowingContinuation { continuation in
      let answer: Result<[UInt8]?, any Error>? = lock.withLock {
        precondition(reader == nil, "the body of a request has one reader at a time")
        if !hasBeenRead { inbox.post(.bodyRead(connection: connection)) }
        hasBeenRead = true
        if let piece = takePiece() { return .success(piece) }
        if let outcome { return outcome.map { nil } }
        reader = continuation
        return nil
      }
      if let answer { continuation.resume(with: answer) }
    }
  }

  /// More has come.
  func add(_ piece: [UInt8]) {
    let waiting = lock.withLock {
      defer { reader = nil }
      if reader == nil {
        pieces.append(piece)
        count += piece.count
      }
      return reader
    }
    waiting?.resume(returning: piece)
  }

  /// Nothing more comes: the body is whole, or why not; only the first call counts.
  func finish(_ failure: (any Error)?) {
    let waiting: (CheckedContinuation<[UInt8]?, any Error>, Result<Void, any Error>)? = lock.withLock {
      guard outcome == nil else { return nil }
      let result: Result<Void, any Error> = failure.map { .failure($0) } ?? .success(())
      outcome = result
      // What is broken is not read to its last good byte.
      if failure != nil { (pieces, first, count) = ([], 0, 0) }
      defer { reader = nil }
      return reader.map { ($0, result) }
    }
    if let (reader, result) = waiting { reader.resume(with: result.map { nil }) }
  }

  private func takePiece() -> [UInt8]? {
    guard first < pieces.count else { return nil }
    let piece = pieces[first]
    pieces[first] = []
    first += 1
    if first == pieces.count { (pieces, first) = ([], 0) }
    let wasFull = count > Self.capacity
    count -= piece.count
    if wasFull, count <= Self.capacity { inbox.post(.bodyRead(connection: connection)) }
    return piece
  }
}
