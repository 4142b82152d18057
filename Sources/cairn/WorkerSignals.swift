import CSystem
import Foundation
import WorkerAgent

/// SIGINT and SIGTERM for a worker: the first hands its trials back, the second ends everything at once.
enum WorkerSignals {
  /// How long the kernel may need to end what was killed, in seconds.
  private static let patience = 2.0

  /// Takes the signals over; to be called once.
  static func watch(_ stop: WorkerStop, patience: Double, _ console: WorkerConsole) throws(PlainError) {
    let descriptor = cairn_signal_descriptor()
    guard descriptor >= 0 else {
      throw PlainError("signals cannot be waited for: \(String(cString: strerror(errno))).")
    }
    Thread.detachNewThread {
      cairn_set_thread_name("signals")
      var seen: UInt64 = 0
      while true {
        var count: UInt64 = 0
        guard read(descriptor, &count, 8) == 8 else { continue }
        if seen == 0 {
          console.tell("Ending: commands are ended, and their trials handed back. Once more ends at once.")
          stop.ask(patience: patience)
        }
        seen += count
        if seen > 1 {
          stop.kill(patience: Self.patience)
          _exit(1)
        }
      }
    }
  }
}
