import Foundation
import Promises

/// What runners and workers are doing now, for reads that must not wait for them.
final class StatusBoard: Sendable {
  private let board = Locked(Board())

  private struct Board {
    var studies: [UUID: LiveStatus] = [:]
    var workers: [String: WorkerStatus] = [:]
  }

  /// What a study is doing, with its share of the workers filled in.
  func live(_ id: UUID) -> LiveStatus? {
    board.withLock { board in
      guard var status = board.studies[id] else { return nil }
      let sharing = board.studies.values.count { $0.runningSince != nil }
      status.workers = Double(board.workers.count) / Double(max(1, sharing))
      return status
    }
  }

  /// Records a study; nil: it is finished or deleted.
  func publish(_ id: UUID, _ status: LiveStatus?) {
    board.withLock { $0.studies[id] = status }
  }

  /// The workers, in order of name (`local-2` before `local-10`).
  func workerStatuses() -> [WorkerStatus] {
    board.withLock { Array($0.workers.values) }.sorted {
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
    board.withLock { board in
      let new = WorkerStatus(name: worker.name, kind: worker.kind, study: nil, trial: nil, since: now, finished: 0)
      body(&board.workers[worker.name, default: new])
    }
  }
}
