import Dispatch

/// A serial queue that runs an actor's jobs, so that a search never takes a cooperative thread.
///
/// `DispatchSerialQueue` is no actor executor on Linux, hence this.
final class SearchExecutor: SerialExecutor {
  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
