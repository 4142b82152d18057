import CSystem
import Foundation
import HTTPMessages

/// Work handed to an event loop from other threads: a list under a lock, and an eventfd that wakes the loop.
final class Inbox: @unchecked Sendable {
  // Sendable: the list and the flag are read and changed under the lock alone, the descriptor never changes.
  enum Message: Sendable {
    case accepted(Int32)
    case refused(Int32)
    case answered(connection: UInt64, HTTPResponse)
    case streamed(connection: UInt64)
    case bodyRead(connection: UInt64)
    case stop
    case stopNow
  }

  let descriptor: Int32
  private let lock = NSLock()
  private var messages: [Message] = []
  private var isClosed = false

  /// Makes an inbox, or nil where the system gives no descriptor.
  init?() {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    if descriptor < 0 { return nil }
  }

  /// Adds a message; false where the loop has ended.
  @discardableResult
  func post(_ message: Message) -> Bool {
    lock.withLock {
      guard !isClosed else { return false }
      messages.append(message)
      // Only the first of several has to wake the loop.
      if messages.count == 1 { eventfd_write(descriptor, 1) }
      return true
    }
  }

  /// Takes every message.
  func takeAll() -> [Message] {
    lock.withLock {
      var count: eventfd_t = 0
      eventfd_read(descriptor, &count)
      defer { messages = [] }
      return messages
    }
  }

  /// Closes the descriptor; later messages are refused. Returns those that nobody took.
  func close() -> [Message] {
    lock.withLock {
      guard !isClosed else { return [] }
      isClosed = true
      Glibc.close(descriptor)
      return messages
    }
  }
}
