import Foundation
import Logging
import Promises
import SearchAlgorithms
import SearchSpace
import StudyDefinitions

/// The life of one study: makes its suggestions when somebody asks for work, and takes its outcomes.
///
/// Everything asked of it goes through one list. `drain` takes all that waits, changes the state in memory, stores every
/// change in one transaction, and answers only then. Where the store refuses, the memory is thrown away and built anew
/// from what is stored, so that the two never differ.
actor StudyRunner {
  /// What all runners share.
  struct Surroundings: Sendable {
    var store: any StudyStore
    var models: any ModelDirectory
    var clock: any StudyClock
    var queue: TrialQueue
    var keeper: ModelKeeper?
    var board: StatusBoard
    var validator: DefinitionValidator
    var algorithm: @Sendable (ResolvedDefinition) -> any SearchAlgorithm
    var logger: Logger
  }

  /// A trial that is handed out.
  struct Running {
    var trial: Trial
    var lease: Lease
    var cancellation: CancellationFlag
    var operations: Double
    /// The trials that one worker was handed together.
    var batch: UUID
    /// When it was handed out, by the clock's `seconds`.
    var since: Double
  }

  /// Work that waits for its turn; `run` changes memory and gives what answers the caller once stored.
  struct Command {
    /// Whether the trials so far must be known for it, which takes a while where a search learned from them.
    var needsTrials: @Sendable (Study) -> Bool
    var run: (isolated StudyRunner) -> Answer
    var fail: @Sendable (StudyError) -> Void
  }

  /// Answers a caller: with the journal position once stored, or with why it could not be.
  typealias Answer = @Sendable (Result<Int, StoreError>) -> Void

  /// How often a trial is tried in all where its failures are not its own.
  static let attemptsPerTrial = 3
  /// How many failures in a row end a study.
  static let failureLimit = 20
  /// How many crashes in a row with the same trial running pause a study.
  static let crashLimit = 10

  let id: UUID
  let surroundings: Surroundings
  private let executor: SearchExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  var study: Study
  var algorithm: any SearchAlgorithm
  var highest = 0
  var running: [Int: Running] = [:]
  /// Leases handed out before a failed commit; their workers may still report.
  var held: [Int: Running] = [:]
  /// Trials that wait to be tried again, by number.
  var queued: [Int: Trial] = [:]
  /// Trials that the end of the study cut short.
  var stopped: [Int: Trial] = [:]
  /// Outcomes that came before the algorithm asked for them.
  var unobserved: [Int: ObservedOutcome] = [:]
  /// Points that were given out to be evaluated before anybody asks for them.
  var ahead: Set<Point> = []
  /// The algorithm asked for this outcome, and it is not there yet.
  var awaited: Int?
  var exhaustion: Exhaustion?
  var failures = FailureRun()
  var costs = CostSums()
  var workload = Workload()
  /// The suggestion of the highest number.
  var lastSuggestion: Suggestion?
  /// Since when `study.elapsedSeconds` is to be counted on, by the clock's `seconds`; nil while it is not running.
  var runningSince: Double?
  var isDeleted = false
  /// The service is stopping: nothing is handed out any more.
  var isClosed = false
  var changes: [StoreChange] = []
  var studyChanged = false
  private var pending: [Command] = []
  private var isDraining = false
  private(set) var isLoaded = false
  /// Whether the next load reads every trial, also where the search counts its suggestions.
  var readsAllTrials = false
  private var deadline: Task<Void, Never>?

  init(study: Study, isNew: Bool, surroundings: Surroundings) {
    id = study.id
    self.study = study
    self.surroundings = surroundings
    algorithm = surroundings.algorithm(study.resolved)
    executor = SearchExecutor(label: "cairn.study.\(study.name)")
    if isNew {
      isLoaded = true
      runningSince = surroundings.clock.seconds()
    }
  }

  /// Runs `body` in its turn and waits until its changes are stored.
  ///
  /// `needsTrials`: whether it needs more than the study itself. Where nothing that waits does, and the trials are not in
  /// memory, they are not read; what is asked then may change the study's own row alone.
  func perform<Value: Sendable>(
    needsTrials: @escaping @Sendable (Study) -> Bool = { _ in true },
    _ body: @escaping @Sendable (isolated StudyRunner) throws(StudyError) -> Value
  ) async throws(StudyError) -> Snapshot<Value> {
    let result = await Promise<Result<Snapshot<Value>, StudyError>>.kept { promise in
      let command = Command(
        needsTrials: needsTrials,
        run: { runner in
          let outcome: Result<Value, StudyError>
          do throws(StudyError) { outcome = .success(try body(runner)) } catch { outcome = .failure(error) }
          return { stored in
            switch (outcome, stored) {
            case (.failure(let error), _): promise.keep(.failure(error))
            case (_, .failure(let error)): promise.keep(.failure(.store(error)))
            case (.success(let value), .success(let position)):
              promise.keep(.success(Snapshot(value: value, position: position)))
            }
          }
        },
        fail: { promise.keep(.failure($0)) })
      pending.append(command)
      if !isDraining {
        isDraining = true
        Task { await drain() }
      }
    }
    return try result.get()
  }

  private func drain() async {
    while !pending.isEmpty {
      let batch = pending
      pending = []
      if !isLoaded {
        if isClosed {
          for command in batch { command.fail(.shuttingDown) }
          continue
        }
        do {
          try await read()
          if batch.contains(where: { $0.needsTrials(study) }) {
            try await load()
            isLoaded = true
          }
        } catch {
          // A store that closes tells nothing of the study.
          if error != .interrupted {
            surroundings.logger.error("study \(study.name) could not be read: \(error)")
          }
          for command in batch { command.fail(.store(error)) }
          continue
        }
      }
      let before = running
      let answers = batch.map { $0.run(self) }
      if isLoaded { settle() }
      let outcome = await store()
      if case .failure(let error) = outcome {
        // What keeps every study from being stored is told of once, by the store.
        if surroundings.store.trouble == nil {
          surroundings.logger.error("study \(study.name) could not be stored: \(error)")
        }
        if isLoaded { held = before }
        isLoaded = false
        // The point was tried before the trials that are known here.
        if error == .trialTaken { readsAllTrials = true }
      }
      await publish()
      for answer in answers { answer(outcome) }
      if pending.isEmpty, isLoaded, study.state.isFinished {
        // Nothing more happens unless somebody asks: the memory is given back, and built anew then.
        forget()
        isLoaded = false
      }
    }
    isDraining = false
  }

  /// Stores what has changed; gives the journal position.
  func store() async -> Result<Int, StoreError> {
    if studyChanged {
      study.revision += 1
      study.updatedAt = now
      takeElapsed()
      // Last, so that a listener that stops at the study's end knows of its trials.
      changes.append(.updateStudy(study))
    }
    let stored = changes
    changes = []
    studyChanged = false
    do {
      if stored.isEmpty { return .success(try await surroundings.store.position()) }
      return .success(try await surroundings.store.commit(stored))
    } catch {
      return .failure(error)
    }
  }

  /// Brings `elapsed_seconds` up to now.
  func takeElapsed() {
    if let since = runningSince {
      let seconds = surroundings.clock.seconds()
      study.elapsedSeconds += max(0, seconds - since)
      runningSince = seconds
    }
    study.elapsedAt = now
  }

  /// The time for what is stored: no time of a study or of its trials lies before one that it follows, though the clock be
  /// set back.
  var now: Date { max(surroundings.clock.now(), study.updatedAt) }

  /// Tells readers and the queue the current state.
  private func publish() async {
    guard isLoaded, !isDeleted, !study.state.isFinished else {
      if isLoaded || isDeleted {
        surroundings.board.publish(id, nil)
        await surroundings.queue.remove(id)
        if !isDeleted { surroundings.keeper?.studyFinished(study, queue: surroundings.queue) }
      }
      deadline?.cancel()
      return
    }
    surroundings.board.publish(id, liveStatus())
    await surroundings.queue.refresh(id, runner: self, hasWork: hasWork, mayRunAhead: nextAhead != nil)
    watchDeadline()
  }

  /// Wakes the study when its seconds are used up.
  private func watchDeadline() {
    deadline?.cancel()
    guard let limit = study.budget.seconds, let since = runningSince else { return }
    let end = since + limit - study.elapsedSeconds
    deadline = Task { [weak self, clock = surroundings.clock] in
      do { try await clock.sleep(until: end) } catch { return }
      _ = try? await self?.perform { _ in () }
    }
  }

  /// Sets the algorithm, counts and lists as they were before the first trial.
  func forget() {
    algorithm = surroundings.algorithm(study.resolved)
    highest = 0
    for (number, entry) in running where held[number]?.lease.id != entry.lease.id { entry.cancellation.set() }
    running = [:]
    queued = [:]
    stopped = [:]
    unobserved = [:]
    ahead = []
    awaited = nil
    exhaustion = nil
    failures = FailureRun()
    costs = CostSums()
    workload = Workload()
    lastSuggestion = nil
    changes = []
    studyChanged = false
    runningSince = study.state == .running ? surroundings.clock.seconds() : nil
  }
}
