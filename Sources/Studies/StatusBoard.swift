import Foundation

/// What runners and workers are doing now, for reads that must not wait for them.
///
/// `@unchecked Sendable`: every variable is read and written under the lock alone.
final class StatusBoard: @unchecked Sendable {
  private let lock = NSLock()
  private var studies: [UUID: LiveStatus] = [:]
  private var workers: [String: WorkerStatus] = [:]

  /// What a study is doing, with its share of the workers filled in.
  func live(_ id: UUID) -> LiveStatus? {
    lock.withLock {
      guard var status = studies[id] else { return nil }
      let sharing = studies.values.count { $0.runningSince != nil }
      status.workers = Double(workers.count) / Double(max(1, sharing))
      return status
    }
  }

  /// Records a study; nil: it is finished or deleted.
  func publish(_ id: UUID, _ status: LiveStatus?) {
    lock.withLock { studies[id] = status }
  }

  /// The workers, in order of name (`local-2` before `local-10`).
  func workerStatuses() -> [WorkerStatus] {
    lock.withLock { Array(workers.values) }.sorted {
      $0.name.utf8.count == $1.name.utf8.count ? $0.name < $1.name : $0.name.utf8.count < $1.name.utf8.count
    }
  }

  /// Records what a worker runs from now on: a study's trial, a study's point ahead of any trial, or nothing.
  func worker(_ worker: Worker, runs work: (study: String, trial: Int?)?, at now: Date) {
    change(worker, at: now) { status in
      if work == nil, status.study == nil { return }
      (status.study, status.trial, status.since) = (work?.study, work?.trial, now)
    }
  }

  /// Records that a worker has finished `count` trials.
  func worker(_ worker: Worker, finished count: Int, at now: Date) {
    change(worker, at: now) { $0.finished += count }
  }

  private func change(_ worker: Worker, at now: Date, _ body: (inout WorkerStatus) -> Void) {
    lock.withLock {
      let new = WorkerStatus(name: worker.name, kind: worker.kind, study: nil, trial: nil, since: now, finished: 0)
      body(&workers[worker.name, default: new])
    }
  }
}
