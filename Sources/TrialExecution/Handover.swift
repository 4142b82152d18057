import CSystem
import Dispatch
import Foundation
import Promises

/// Brings results from training threads to a queue of normal priority, by a list and an eventfd.
///
/// A thread at a low priority must never call `queue.async`, nor resume a continuation: a pool thread that the call
/// starts inherits the low priority and keeps it.
///
/// `@unchecked Sendable`: the source never changes after `init`, and is used there and in `deinit` alone.
final class Handover: @unchecked Sendable {
  private let items = Locked<[@Sendable () -> Void]>([])
  private let descriptor: Int32
  private let source: any DispatchSourceRead

  init() {
    let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    precondition(descriptor >= 0, "no event descriptor: \(String(cString: strerror(errno)))")
    self.descriptor = descriptor
    source = DispatchSource.makeReadSource(
      fileDescriptor: descriptor, queue: DispatchQueue(label: "cairn.training.handover"))
    source.setEventHandler { @Sendable [weak self] in self?.deliver() }
    source.setCancelHandler { @Sendable in close(descriptor) }
    source.activate()
  }

  deinit { source.cancel() }

  /// Has `item` run on the handover's queue; called by training threads.
  func post(_ item: @escaping @Sendable () -> Void) {
    items.withLock { $0.append(item) }
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  private func deliver() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
    let taken = items.withLock { items in
      defer { items = [] }
      return items
    }
    for item in taken { item() }
  }
}
