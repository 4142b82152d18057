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
  private var reader: CheckedContinuation<Void, any Error>?
  /// What the reader is given; by the lock and not by the continuation, whose order the thread sanitizer does not see where
  /// it is resumed before it is waited for.
  private var handed: [UInt8]?
  private var outcome: Result<Void, any Error>?

  init(connection: UInt64, inbox: Inbox) {
    self.connection = connection
    self.inbox = inbox
  }

  /// Whether the client must wait.
  var isFull: Bool { lock.withLock { count > Self.capacity } }

  /// Bytes that wait for their reader.
  var held: Int { lock.withLock { count } }

  /// The next piece, nil at the end.
  func next() async throws -> [UInt8]? {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let answer: Result<Void, any Error>? = lock.withLock {
        precondition(reader == nil, "the body of a request has one reader at a time")
        if !hasBeenRead { inbox.post(.bodyRead(connection: connection)) }
        hasBeenRead = true
        handed = takePiece()
        if handed != nil { return .success(()) }
        if let outcome { return outcome }
        reader = continuation
        return nil
      }
      if let answer { continuation.resume(with: answer) }
    }
    return lock.withLock {
      defer { handed = nil }
      return handed
    }
  }

  /// More has come.
  func add(_ piece: [UInt8]) {
    let waiting = lock.withLock {
      defer { reader = nil }
      if reader == nil {
        pieces.append(piece)
        count += piece.count
      } else {
        handed = piece
      }
      return reader
    }
    waiting?.resume()
  }

  /// Nothing more comes: the body is whole, or why not; only the first call counts.
  func finish(_ failure: (any Error)?) {
    let waiting: (CheckedContinuation<Void, any Error>, Result<Void, any Error>)? = lock.withLock {
      guard outcome == nil else { return nil }
      let result: Result<Void, any Error> = failure.map { .failure($0) } ?? .success(())
      outcome = result
      // What is broken is not read to its last good byte.
      if failure != nil { (pieces, first, count) = ([], 0, 0) }
      defer { reader = nil }
      return reader.map { ($0, result) }
    }
    if let (reader, result) = waiting { reader.resume(with: result) }
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
