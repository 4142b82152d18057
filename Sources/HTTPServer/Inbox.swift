import CSystem
import Foundation
import HTTPMessages
import Promises

/// Work handed to an event loop from other threads: a list under a lock, and an eventfd that wakes the loop.
final class Inbox: Sendable {
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
  private let box = Locked(Box())

  private struct Box {
    var messages: [Message] = []
    var isClosed = false
  }

  /// Makes an inbox, or nil where the system gives no descriptor.
  init?() {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    if descriptor < 0 { return nil }
  }

  /// Adds a message; false where the loop has ended.
  @discardableResult
  func post(_ message: Message) -> Bool {
    box.withLock { box in
      guard !box.isClosed else { return false }
      box.messages.append(message)
      // Only the first of several has to wake the loop.
      if box.messages.count == 1 { eventfd_write(descriptor, 1) }
      return true
    }
  }

  /// Takes every message.
  func takeAll() -> [Message] {
    box.withLock { box in
      var count: eventfd_t = 0
      eventfd_read(descriptor, &count)
      defer { box.messages = [] }
      return box.messages
    }
  }

  /// Closes the descriptor; later messages are refused. Returns those that nobody took.
  func close() -> [Message] {
    box.withLock { box in
      guard !box.isClosed else { return [] }
      box.isClosed = true
      Glibc.close(descriptor)
      return box.messages
    }
  }
}
