import CSystem
import Foundation
import Promises

/// SIGINT and SIGTERM as something to wait for, and as an end that comes in any case.
///
/// The thread that waits for a signal is made at the start and needs nothing more then: neither a free thread of a pool nor
/// a descriptor.
final class Signals: Sendable {
  /// How long an orderly end may take, in milliseconds: five seconds were promised.
  private static let patience = 4500

  private let stream: AsyncStream<Void>
  /// What an orderly end waits for now.
  private let stage = Locked("the start to end")

  /// Takes the signals over; to be made once, first of all.
  init() throws(PlainError) {
    let descriptor = cairn_signal_descriptor()
    guard descriptor >= 0 else {
      throw PlainError("signals cannot be waited for: \(String(cString: strerror(errno))).")
    }
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    self.stream = stream
    Thread.detachNewThread { [stage] in
      cairn_set_thread_name("signals")
      var count: UInt64 = 0
      while read(descriptor, &count, 8) != 8 { Self.sleep(milliseconds: 10) }
      continuation.yield()
      Self.sleep(milliseconds: Self.patience)
      // An answer was given only for what is on the disk: nothing of that is lost.
      StandardStream.error.sayAtOnce("cairn: ending without waiting any longer for \(stage.value).")
      _exit(0)
    }
  }

  /// Waits for the first of them.
  func first() async {
    for await _ in stream { return }
  }

  /// Tells what is being waited for, should it take too long.
  func waits(for text: String) { stage.withLock { $0 = text } }

  /// By a clock that nobody sets, and to the end whatever signals come meanwhile.
  private static func sleep(milliseconds: Int) {
    var rest = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    var left = timespec()
    while nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
  }
}
