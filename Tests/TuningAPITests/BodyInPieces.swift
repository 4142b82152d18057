import HTTPMessages
import Promises

/// A body that is given piece by piece, and counts how often it was asked for more.
final class BodyInPieces: Sendable {
  private let state: Locked<(left: [UInt8], asked: Int)>
  private let size: Int

  /// Pieces of `size` bytes; by default one piece.
  init(_ text: String, size: Int = .max) {
    state = Locked((Array(text.utf8), 0))
    self.size = size
  }

  /// How often a reader asked for the next piece.
  var asked: Int { state.value.asked }

  var reader: HTTPBodyReader {
    HTTPBodyReader { [self] in
      state.withLock { state in
        state.asked += 1
        guard !state.left.isEmpty else { return nil }
        defer { state.left.removeFirst(min(size, state.left.count)) }
        return Array(state.left.prefix(size))
      }
    }
  }
}
