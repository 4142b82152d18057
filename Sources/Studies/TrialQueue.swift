import Foundation

/// The one queue that workers pull trials from; fairness between studies lives here alone.
///
/// Of the studies that have work, the one is asked first that has had the least training time since it last had none to
/// give, what runs now included (start-time fair queueing, Goyal, Vin and Cheng 1997, doi:10.1109/90.649569); of equal
/// ones that with the fewest workers. A model that somebody waits for goes before all trials. A worker for whom there is
/// neither evaluates a point that a search is likely to ask for, or trains a model to be kept.
public actor TrialQueue {
  private struct Entry {
    let source: any TrialSource
    var hasWork: Bool
    var mayRunAhead = false
    /// The workers that run trials of it, by name, and since when by the clock's `seconds`.
    var running: [String: Double] = [:]
    /// Seconds of finished training.
    var spent = 0.0
    /// The virtual time of start-time fair queueing.
    var served: Double
    /// How many pieces of work are finished.
    var finished = 0

    /// `served` with what runs now: as long as the mean so far, or longer where it has been.
    func start(_ now: Double) -> Double {
      let mean = finished == 0 ? 0 : spent / Double(finished)
      return running.values.reduce(served) { $0 + max(mean, now - $1) }
    }
  }

  private let store: any EvaluationReading
  private let board: StatusBoard
  private let clock: any StudyClock
  private let models: ModelKeeper?
  private var entries: [UUID: Entry] = [:]
  private var waiters: [CheckedContinuation<Void, Never>] = []
  /// What workers evaluate ahead, by worker.
  private var ahead: [String: AheadAssignment] = [:]
  /// Whether no work is given any more.
  public private(set) var isClosed = false

  init(store: any EvaluationReading, board: StatusBoard, clock: any StudyClock, models: ModelKeeper? = nil) {
    self.store = store
    self.board = board
    self.clock = clock
    self.models = models
  }

  /// Reports finished work, if any, and gives the next, waiting until there is some; nil once the queue is closed.
  ///
  /// Where both belong to one study they are stored in one transaction. Throws if the report could not be stored: the
  /// worker keeps it and tries again.
  public func next(
    worker: Worker, finished: (work: Work, report: WorkReport)?
  ) async throws(StudyError) -> Work? {
    if let finished {
      let trials = try await take(finished.report, of: finished.work, by: worker, leasesNext: true)
      if !trials.isEmpty { return assign(.trials(trials), to: worker) }
    }
    while true {
      guard !isClosed else {
        board.worker(worker, runs: nil, at: clock.now())
        return nil
      }
      if let model = models?.next(asked: true, for: worker.name) {
        return assign(.model(model), to: worker)
      } else if let id = choose() {
        do {
          let trials = try await lease(from: id, to: worker)
          if !trials.isEmpty { return assign(.trials(trials), to: worker) }
        } catch { retryLater(id) }
      } else if let source = entries.values.first(where: \.mayRunAhead)?.source {
        guard let assignment = try? await source.leaseAhead(), choose() == nil, !isClosed else { continue }
        ahead[worker.name] = assignment
        return assign(.ahead(assignment), to: worker)
      } else if let model = models?.next(asked: false, for: worker.name) {
        return assign(.model(model), to: worker)
      } else {
        board.worker(worker, runs: nil, at: clock.now())
        await withCheckedContinuation { waiters.append($0) }
      }
    }
  }

  /// The next trials of a study, or of the one whose turn it is; empty where there are none now. Does not wait for any.
  ///
  /// Throws if they could not be stored: nothing was handed out.
  public func lease(
    from study: UUID? = nil, to worker: Worker
  ) async throws(StudyError) -> [TrialAssignment] {
    guard !isClosed, let id = study ?? choose(), let source = entries[id]?.source else { return [] }
    let start = clock.seconds()
    entries[id]?.running[worker.name] = start
    do {
      let trials = try await source.lease(to: worker)
      // What is known at once is taken meanwhile, for as long as a short training.
      entries[id]?.served += clock.seconds() - start
      if trials.isEmpty { release(id, worker) }
      return trials
    } catch {
      release(id, worker)
      throw error
    }
  }

  /// Takes what came of a worker's work. Throws if it could not be stored: the worker keeps it and tries again.
  public func report(_ report: WorkReport, of work: Work, by worker: Worker) async throws(StudyError) {
    _ = try await take(report, of: work, by: worker, leasesNext: false)
  }

  /// Renews the leases of trials of one study that a worker still runs; gives those whose results are still wanted.
  public func heartbeat(_ trials: [TrialAssignment]) async throws(StudyError) -> [TrialAssignment] {
    guard let first = trials.first, let source = entries[first.study]?.source else { return [] }
    return try await source.heartbeat(trials)
  }

  /// What the record has of these evaluations, which need not be trained again.
  public nonisolated func evaluations(
    _ keys: [EvaluationKey]
  ) async throws(StoreError) -> [EvaluationKey: RecordedEvaluation] {
    keys.isEmpty ? [:] : try await store.evaluations(keys)
  }

  /// Stores what is known of trials whose worker is still busy with others; whatever is reported again later is dropped.
  public func report(early trials: [TrialAssignment], _ report: WorkReport) async throws(StudyError) {
    guard let source = entries[trials[0].study]?.source else { return }
    _ = try await source.report(trials, report, leaseFor: nil)
  }

  /// No new work is given from now on; every waiting worker gets nil.
  public func close() {
    isClosed = true
    for assignment in ahead.values { assignment.cancellation.set() }
    models?.cancel(spareAlone: false)
    wake()
  }

  /// Records that somebody waits for a model, or that one may be trained by an idle worker.
  func refreshModels() {
    if waiters.isEmpty, models?.hasAsked == true { cancelWhatCanWait() }
    wake()
  }

  /// No worker is idle: those that train what nobody requested have something better to do now.
  private func cancelWhatCanWait() {
    for assignment in ahead.values { assignment.cancellation.set() }
    models?.cancel(spareAlone: true)
  }

  /// Records whether a study has work, and points for idle workers.
  func refresh(_ id: UUID, source: any TrialSource, hasWork: Bool, mayRunAhead: Bool) {
    if entries[id] == nil {
      entries[id] = Entry(source: source, hasWork: false, served: 0)
    }
    if hasWork, let entry = entries[id], !entry.hasWork {
      // Time in which it had nothing to give earns it nothing.
      let least = entries.values.filter { $0.hasWork || !$0.running.isEmpty }.map(\.served).min() ?? 0
      entries[id]?.served = max(entry.served, least)
    }
    entries[id]?.hasWork = hasWork
    entries[id]?.mayRunAhead = mayRunAhead
    if hasWork, waiters.isEmpty { cancelWhatCanWait() }
    if hasWork || mayRunAhead { wake() }
  }

  /// Forgets a study that is finished or deleted.
  func remove(_ id: UUID) {
    entries[id] = nil
    for assignment in ahead.values where assignment.study == id { assignment.cancellation.set() }
  }

  /// Has a report stored; gives the study's next trials where they are asked for and it is that study's turn.
  private func take(
    _ report: WorkReport, of work: Work, by worker: Worker, leasesNext: Bool
  ) async throws(StudyError) -> [TrialAssignment] {
    ahead[worker.name] = nil
    if case .model(let model) = work {
      models?.finished(worker.name, model, report.model ?? .failed("no worker here can train it"))
      return []
    }
    let id = work.study
    release(id, worker)
    guard let source = entries[id]?.source else {
      board.worker(worker, finished: report.trials.count, at: clock.now())
      return []
    }
    charge(id, report)
    let leases = leasesNext && !isClosed && models?.hasAsked != true && choose() == id
    let start = clock.seconds()
    if leases { entries[id]?.running[worker.name] = start }
    let next: [TrialAssignment]
    do {
      switch work {
      case .trials(let trials): next = try await source.report(trials, report, leaseFor: leases ? worker : nil)
      case .ahead(let assignment):
        next = try await source.report(assignment, report.evaluations, leaseFor: leases ? worker : nil)
      case .model: next = []
      }
    } catch {
      if leases { release(id, worker) }
      throw error
    }
    board.worker(worker, finished: report.trials.values.count { $0 != .returned }, at: clock.now())
    if leases { entries[id]?.served += clock.seconds() - start }
    if leases, next.isEmpty { release(id, worker) }
    return next
  }

  /// Shows what a worker has now.
  private func assign(_ work: Work, to worker: Worker) -> Work {
    switch work {
    case .trials(let trials):
      board.worker(worker, runs: (trials[0].studyName, trials[0].number), at: clock.now())
    case .ahead(let assignment): board.worker(worker, runs: (assignment.studyName, nil), at: clock.now())
    case .model(let model): board.worker(worker, runs: (model.studyName, model.number), at: clock.now())
    }
    return work
  }

  /// Has a study pay for what was trained for it.
  private func charge(_ id: UUID, _ report: WorkReport) {
    guard !report.trials.isEmpty else { return }
    let seconds = report.trials.values.reduce(0) { $0 + $1.computeSeconds }
    entries[id]?.spent += seconds
    entries[id]?.served += seconds
    entries[id]?.finished += 1
  }

  /// A worker is done with a study's trials, or got none.
  private func release(_ id: UUID, _ worker: Worker) { entries[id]?.running[worker.name] = nil }

  /// A study whose suggestion could not be stored is asked again after a second.
  private func retryLater(_ id: UUID) {
    entries[id]?.hasWork = false
    Task {
      try? await clock.sleep(until: clock.seconds() + 1)
      if let source = entries[id]?.source { refresh(id, source: source, hasWork: true, mayRunAhead: false) }
    }
  }

  private func choose() -> UUID? {
    let now = clock.seconds()
    let waiting = entries.filter { $0.value.hasWork }
    guard waiting.count > 1 else { return waiting.first?.key }
    return waiting.map { (id: $0.key, start: $0.value.start(now), running: $0.value.running.count) }.min {
      ($0.start, $0.running, $0.id.uuidString) < ($1.start, $1.running, $1.id.uuidString)
    }?.id
  }

  private func wake() {
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }
}
