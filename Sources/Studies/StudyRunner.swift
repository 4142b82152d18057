import ExactText
import Foundation
import Logging
import Promises
import SearchAlgorithms
import StudyDefinitions

/// Runs one study: brings events to its ledger, stores the changes, and answers.
///
/// Events wait in one list. `drain` takes all that waits, brings each to the ledger, stores every change in one
/// transaction, and answers only then. Where the store refuses, the ledger is thrown away and replayed from what is stored,
/// so that the two never differ.
actor StudyRunner {
  /// What all runners share.
  struct Dependencies: Sendable {
    var store: any StudyStore
    var clock: any StudyClock
    var queue: TrialQueue
    var keeper: ModelKeeper?
    var board: StatusBoard
    var rules: StudyLedger.Rules
    /// The outcome of a trial that needs no worker's time; nil for any other.
    var outcomeAtOnce: @Sendable (TrialAssignment) -> TrialReport?
    var logger: Logger
  }

  /// An event that waits for its turn.
  private struct Event {
    /// Whether the trials so far must be known for it, which takes a while where a search learned from them.
    var needsTrials: @Sendable (Study) -> Bool
    /// Changes the ledger and gives what answers the caller once that is stored.
    var happen: @Sendable (inout StudyLedger, Moment) -> Answer
    /// Answers a caller whose event cannot happen.
    var refuse: @Sendable (StudyError) -> Void
  }

  /// Answers a caller: with the journal position once stored, or with why it could not be.
  private typealias Answer = @Sendable (Result<Int, StoreError>) -> Void

  let id: UUID
  /// The study's name, which is its own as long as it exists.
  let name: ExactText
  let dependencies: Dependencies
  /// Callers who wait for trials. Who frees one hands it to the first of them, in the same transaction.
  nonisolated let callers = CallerLine()
  private let executor: SearchExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private var ledger: StudyLedger
  /// What was handed out before a commit that the store refused; its workers may still report.
  private var held: [Int: StudyLedger.Running] = [:]
  /// Whether the next replay reads every trial, also where the search counts its suggestions.
  private var readsAllTrials = false
  /// The service is stopping.
  private var isClosed = false
  private var waiting: [Event] = []
  private var isDraining = false
  private var deadline: Task<Void, Never>?

  init(study: Study, isNew: Bool, dependencies: Dependencies) {
    id = study.id
    name = ExactText(study.name)
    self.dependencies = dependencies
    ledger = StudyLedger(study, rules: dependencies.rules, knowsTrials: isNew, at: dependencies.clock.moment)
    executor = SearchExecutor(label: "cairn.study.\(study.name)")
  }

  /// Brings an event to the ledger in its turn and waits until its changes are stored.
  ///
  /// `needsTrials`: whether it needs more than the study itself. Where nothing that waits does, and the trials are not in
  /// memory, they are not read; the event may then change the study's own row alone.
  func perform<Value: Sendable>(
    needsTrials: @escaping @Sendable (Study) -> Bool = { _ in true },
    _ body: @escaping @Sendable (inout StudyLedger, Moment) throws(StudyError) -> Value
  ) async throws(StudyError) -> Snapshot<Value> {
    let result = await Promise<Result<Snapshot<Value>, StudyError>>.kept { promise in
      let event = Event(
        needsTrials: needsTrials,
        happen: { ledger, moment in
          let outcome: Result<Value, StudyError>
          do throws(StudyError) { outcome = .success(try body(&ledger, moment)) } catch { outcome = .failure(error) }
          return { stored in
            switch (outcome, stored) {
            case (.failure(let error), _): promise.keep(.failure(error))
            case (_, .failure(let error)): promise.keep(.failure(.store(error)))
            case (.success(let value), .success(let position)):
              promise.keep(.success(Snapshot(value: value, position: position)))
            }
          }
        },
        refuse: { promise.keep(.failure($0)) })
      waiting.append(event)
      beginToDrain()
    }
    return try result.get()
  }

  /// Serves what waits, unless that is being done.
  func beginToDrain() {
    guard !isDraining, !waiting.isEmpty || canServeCallers else { return }
    isDraining = true
    Task { await drain() }
  }

  private func drain() async {
    while !waiting.isEmpty || canServeCallers {
      let batch = waiting
      waiting = []
      if !ledger.knowsTrials, let error = await read(for: batch) {
        for event in batch { event.refuse(error) }
        continue
      }
      let before = ledger.running
      var answers = batch.map { $0.happen(&ledger, dependencies.clock.moment) }
      answers += serveCallers()
      for flag in ledger.takeCancellations() { flag.set() }
      let stored = await store()
      if case .failure(let error) = stored {
        giveUp(error, handedOut: before)
      } else if ledger.mustBeReadAnew {
        held = ledger.running
        forgetTrials()
        Task { _ = try? await wake() }
      }
      await publish()
      for answer in answers { answer(stored) }
      if waiting.isEmpty, ledger.knowsTrials, ledger.study.state.isFinished {
        // Nothing more happens unless somebody asks: the memory is given back, and built anew then.
        forgetTrials()
      }
    }
    isDraining = false
  }

  /// Whether a caller who waits would be handed something.
  private var canServeCallers: Bool {
    ledger.study.resolved.isExternal && ledger.knowsTrials && ledger.hasWork && !callers.isEmpty
  }

  /// Hands trials to callers who wait, as long as there are any, the first in line first.
  private func serveCallers() -> [Answer] {
    var answers: [Answer] = []
    while canServeCallers, let place = callers.takeFirst() {
      let handed: Result<HandedTrials, StudyError>
      do throws(StudyError) {
        handed = .success(try ledger.handOut(place.request, at: dependencies.clock.moment))
      } catch { handed = .failure(error) }
      answers.append { stored in
        place.answer(
          handed.flatMap { value in
            stored.mapError { .store($0) }.map { Snapshot(value: value, position: $0) }
          })
      }
    }
    return answers
  }

  /// Stores the ledger's changes; gives the journal position.
  private func store() async -> Result<Int, StoreError> {
    let changes = ledger.takeChanges(at: dependencies.clock.moment)
    do throws(StoreError) {
      if changes.isEmpty { return .success(try await dependencies.store.position()) }
      return .success(try await dependencies.store.commit(changes))
    } catch { return .failure(error) }
  }

  /// Throws away a ledger whose changes were refused.
  private func giveUp(_ error: StoreError, handedOut: [Int: StudyLedger.Running]) {
    // What keeps every study from being stored is told of once, by the store.
    if dependencies.store.trouble == nil {
      dependencies.logger.error("study \(ledger.study.name) could not be stored: \(error)")
    }
    if ledger.knowsTrials { held = handedOut }
    // The point was tried before the trials that are known here.
    if error == .trialTaken { readsAllTrials = true }
    forgetTrials()
  }

  private func forgetTrials() {
    ledger = StudyLedger(ledger.study, rules: dependencies.rules, knowsTrials: false, at: dependencies.clock.moment)
  }

  /// Reads the study, and its trials where an event needs them; gives why the events cannot happen, if so.
  private func read(for events: [Event]) async -> StudyError? {
    if isClosed { return .shuttingDown }
    do throws(StoreError) {
      guard let study = try await dependencies.store.study(id: id) else {
        ledger.isDeleted = true
        return nil
      }
      if events.contains(where: { $0.needsTrials(study) }) {
        ledger = try await replay(study, held: held, everyTrial: readsAllTrials)
        ledger.isClosed = isClosed
        held = [:]
      } else {
        ledger = StudyLedger(study, rules: dependencies.rules, knowsTrials: false, at: dependencies.clock.moment)
      }
      return nil
    } catch {
      // A store that closes tells nothing of the study.
      if error != .interrupted {
        dependencies.logger.error("study \(ledger.study.name) could not be read: \(error)")
      }
      return .store(error)
    }
  }

  /// Tells readers and the queue the current state.
  private func publish() async {
    deadline?.cancel()
    guard ledger.knowsTrials || ledger.isDeleted else { return }
    if ledger.isDeleted || ledger.study.state.isFinished {
      dependencies.board.publish(id, nil)
      callers.endAll()
      await dependencies.queue.remove(id)
      if ledger.isDeleted {
        for entry in held.values { entry.cancellation.set() }
        held = [:]
      } else {
        dependencies.keeper?.studyFinished(ledger.study) { [queue = dependencies.queue] in await queue.refreshModels() }
      }
      return
    }
    dependencies.board.publish(id, ledger.status(at: dependencies.clock.moment))
    if !ledger.study.resolved.isExternal {
      await dependencies.queue.refresh(
        id, source: self, hasWork: ledger.hasWork, mayRunAhead: ledger.mayRunAhead)
    }
    guard let end = ledger.wakeTime(at: dependencies.clock.moment) else { return }
    deadline = Task { [weak self, clock = dependencies.clock] in
      do { try await clock.sleep(until: end) } catch { return }
      _ = try? await self?.wake()
    }
  }

  // MARK: Start and stop of the service

  /// Puts back into the line what died with the process, before anybody is answered: a service that dies at once again
  /// must have counted this death. Reads the trials that run, and no others; what runs elsewhere continues.
  func recover() async throws(StoreError) {
    var pages = TrialPages(of: id, in: [.running], from: dependencies.store)
    let leases = try await dependencies.store.leases(study: id)
    let reports = leases.isEmpty ? [:] : try await dependencies.store.lastReports(study: id)
    let moment = dependencies.clock.moment
    while let page = try await pages.next() {
      held.merge(ledger.recover(page, leases: leases, reports: reports, at: moment)) { $1 }
    }
    ledger.pauseAfterCrashes(at: moment)
    _ = try await store().get()
    forgetTrials()
  }

  /// Puts every trial that runs in this process back into the queue, for a shutdown.
  ///
  /// Where the trials are not known they are not read for this: what is stored as running goes back at the next start.
  func putBack() async throws(StudyError) {
    isClosed = true
    ledger.isClosed = true
    for entry in Array(ledger.running.values) + Array(held.values) where !entry.lease.outlivesProcess {
      entry.cancellation.set()
    }
    guard ledger.knowsTrials else { return }
    _ = try await perform { ledger, _ in ledger.shutDown() }
  }

  /// Ends the study if its time has come, and lets others know what it is doing.
  func wake() async throws(StudyError) { _ = try await perform { $0.settle(at: $1) } }
}
