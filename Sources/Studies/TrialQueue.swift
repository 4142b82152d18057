import Foundation

/// The one queue that workers pull trials from; fairness between studies lives here alone.
///
/// Of the studies that have work, the one with the fewest running trials is asked first; of those, the one that has had
/// the least training time since it last had none to give (start-time fair queueing, Goyal, Vin and Cheng 1997,
/// doi:10.1109/90.649569).
public actor TrialQueue {
  private struct Entry {
    let runner: StudyRunner
    var hasWork: Bool
    var running = 0
    var served: Double
  }

  private let board: StatusBoard
  private let clock: any StudyClock
  private var entries: [UUID: Entry] = [:]
  private var waiters: [CheckedContinuation<Void, Never>] = []
  private var isClosed = false

  init(board: StatusBoard, clock: any StudyClock) {
    self.board = board
    self.clock = clock
  }

  /// Reports a finished trial, if any, and gives the next one, waiting until there is one; nil once the queue is closed.
  ///
  /// Where both belong to one study they are stored in one transaction. Throws if the report could not be stored: the
  /// worker keeps it and tries again.
  public func next(
    worker: String, finished: (assignment: TrialAssignment, report: TrialReport)?
  ) async throws(StudyError) -> TrialAssignment? {
    var finished = finished
    if let finished { settle(finished.assignment, finished.report) }
    do {
      while true {
        let choice = isClosed ? nil : choose()
        if let done = finished {
          let same = choice == done.assignment.study ? choice : nil
          if same != nil { entries[done.assignment.study]?.running += 1 }
          let assignment = try await report(done.assignment, done.report, andLease: same == nil ? nil : worker)
          finished = nil
          board.worker(worker, runs: assignment, finishedOne: done.report != .returned, at: clock.now())
          if let assignment { return assignment }
          if let same { took(nothing: same) }
          continue
        }
        if let id = choice, let runner = entries[id]?.runner {
          entries[id]?.running += 1
          do {
            if let assignment = try await runner.lease(worker: worker) {
              board.worker(worker, runs: assignment, finishedOne: false, at: clock.now())
              return assignment
            }
            took(nothing: id)
          } catch {
            took(nothing: id)
            putAside(id)
          }
          continue
        }
        board.worker(worker, runs: nil, finishedOne: false, at: clock.now())
        if isClosed { return nil }
        await withCheckedContinuation { waiters.append($0) }
      }
    } catch {
      if let finished { entries[finished.assignment.study]?.running += 1 }
      throw error
    }
  }

  /// No new work is given from now on; every waiting worker gets nil.
  public func close() {
    isClosed = true
    wake()
  }

  /// Takes note that a study may have work.
  func refresh(_ id: UUID, runner: StudyRunner, hasWork: Bool) {
    if entries[id] == nil {
      entries[id] = Entry(runner: runner, hasWork: false, served: 0)
    }
    if hasWork, let entry = entries[id], !entry.hasWork {
      // Time in which it had nothing to give earns it nothing.
      let least = entries.values.filter { $0.hasWork || $0.running > 0 }.map(\.served).min() ?? 0
      entries[id]?.served = max(entry.served, least)
    }
    entries[id]?.hasWork = hasWork
    if hasWork { wake() }
  }

  /// Forgets a study that is finished or deleted.
  func remove(_ id: UUID) { entries[id] = nil }

  private func report(
    _ assignment: TrialAssignment, _ report: TrialReport, andLease worker: String?
  ) async throws(StudyError) -> TrialAssignment? {
    guard let runner = entries[assignment.study]?.runner else { return nil }
    return try await runner.report(assignment.lease, number: assignment.number, report, leaseFor: worker)
  }

  private func settle(_ assignment: TrialAssignment, _ report: TrialReport) {
    took(nothing: assignment.study)
    switch report {
    case .completed(_, _, _, let seconds), .infeasible(_, let seconds): entries[assignment.study]?.served += seconds
    case .failed, .returned: break
    }
  }

  private func took(nothing id: UUID) {
    if let running = entries[id]?.running, running > 0 { entries[id]?.running = running - 1 }
  }

  /// A study whose suggestion could not be stored is asked again after a second.
  private func putAside(_ id: UUID) {
    entries[id]?.hasWork = false
    Task {
      try? await Task.sleep(for: .seconds(1))
      if let runner = entries[id]?.runner { refresh(id, runner: runner, hasWork: true) }
    }
  }

  private func choose() -> UUID? {
    entries.filter { $0.value.hasWork }.min {
      ($0.value.running, $0.value.served, $0.key.uuidString) < ($1.value.running, $1.value.served, $1.key.uuidString)
    }?.key
  }

  private func wake() {
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }
}
