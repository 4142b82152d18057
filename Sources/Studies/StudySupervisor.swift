import ExactText
import Foundation
import JSONText
import Logging
import Promises
import SearchAlgorithms
import StudyDefinitions

/// Starts a runner for each study and hands on what callers ask of it.
public actor StudySupervisor: StudyService {
  public nonisolated let store: any StudyStore
  /// Where workers get their trials.
  public nonisolated let queue: TrialQueue
  private nonisolated let board = StatusBoard()
  private nonisolated let keeper: ModelKeeper?
  private let dependencies: StudyRunner.Dependencies
  /// The leases that ended with their deleted studies, so that their holders are told.
  var deletedLeases = LeastRecentlyUsed<UUID, Bool>(limit: 10_000)
  private var runners: [UUID: StudyRunner] = [:]
  /// The studies of runners by name, so that a call need not read the study to find its runner.
  private var identities: [ExactText: UUID] = [:]
  private var isShuttingDown = false
  /// Callers who came before the leases of the last process are known; nil once they are.
  private var early: [CheckedContinuation<Void, Never>]?
  /// When the newest study was made: "newest first" is the order in which they were, though the clock be set back.
  private var newest = Date(timeIntervalSince1970: 0)

  /// Makes a supervisor; `algorithm` makes the algorithm that a definition names, `shelf` keeps trained models,
  /// `outcomeAtOnce` gives the outcome of a trial that needs no worker's time, and nil for any other.
  ///
  /// `callersWait`: a caller who comes before `start` has ended waits for it. Where a service answers before, a second ledger of
  /// the study would be made else, which knows nothing of the leases that outlived the last process.
  public init(
    store: any StudyStore, validator: DefinitionValidator, models: any TrialCosts, shelf: (any ModelShelf)? = nil,
    clock: any StudyClock = SystemClock(), logger: Logger, callersWait: Bool = false,
    outcomeAtOnce: @escaping @Sendable (TrialAssignment) -> TrialReport? = { _ in nil },
    algorithm: @escaping @Sendable (ResolvedDefinition) -> any SearchAlgorithm = StudySupervisor.catalogued
  ) {
    self.store = store
    early = callersWait ? [] : nil
    let keeper = shelf.map { ModelKeeper(store: store, shelf: $0, logger: logger) }
    self.keeper = keeper
    queue = TrialQueue(store: store, board: board, clock: clock, models: keeper)
    dependencies = StudyRunner.Dependencies(
      store: store, clock: clock, queue: queue, keeper: keeper, board: board,
      rules: .init(costs: models, validator: validator, algorithm: algorithm), outcomeAtOnce: outcomeAtOnce,
      logger: logger)
  }

  /// The algorithm of the catalogue that a definition names; the definition was validated against it.
  public static let catalogued: @Sendable (ResolvedDefinition) -> any SearchAlgorithm = { definition in
    guard let description = AlgorithmCatalogue.named(definition.algorithm) else {
      preconditionFailure("the algorithm \(definition.algorithm) was validated, and is gone from the catalogue")
    }
    return description.make(
      AlgorithmContext(
        space: definition.space, seed: UInt64(bitPattern: Int64(definition.seed)),
        maximize: definition.goal == .maximize, options: definition.algorithmOptions,
        parallelism: definition.parallelism, budget: definition.searchTrials,
        prior: definition.prior.map { PriorPoint($0.point, .completed(value: $0.value)) }))
  }

  /// Resumes unfinished studies. Returns once the trials that ran at the last exit are queued again; other trials load in
  /// the background.
  public func start() async throws(StoreError) {
    defer { letIn() }
    let last = try await store.summaries(StudyFilter(), after: nil, limit: 1).value.items.first
    if let last { newest = max(newest, last.createdAt) }
    for study in try await store.unfinishedStudies() {
      guard AlgorithmCatalogue.named(study.resolved.algorithm) != nil else { continue }
      let runner = StudyRunner(study: study, isNew: false, dependencies: dependencies)
      try await runner.recover()
      keep(runner)
      Task { _ = try? await runner.wake() }
    }
    keeper?.onScored { [weak self] in await self?.changed($0) }
    // A cache may be tidied, and filled, while the service works.
    if let keeper {
      Task {
        await keeper.forgetStrangers()
        await keeper.begin { [weak queue] in await queue?.refreshModels() }
      }
    }
  }

  /// Tells those who follow a study that what it shows has changed, though nothing of its row has: its best points were
  /// scored on their final part.
  private func changed(_ id: UUID) async {
    guard !isShuttingDown, let study = try? await store.study(id: id), let runner = try? await runner(study.name),
      runner.id == id
    else { return }
    _ = try? await runner.touch()
  }

  public nonisolated var models: (any ModelShelf)? { keeper?.shelf }

  public func train(_ trial: Trial, of study: Study, repetition: Int) async throws(StudyError) -> Bool {
    if isShuttingDown { throw .shuttingDown }
    guard let keeper else { throw .keepsNoModels }
    var model = ModelAssignment(study, trial, repetition: repetition)
    model.isScored = study.resolved.scoresAtTheEnd && study.state.isFinished
    do { try keeper.request(model) } catch {
      throw .unavailable("The model could not be trained: \(error.detail).")
    }
    await queue.refreshModels()
    return await keeper.keptNumbers(study).contains(trial.number)
  }

  public nonisolated func waitForModel(_ key: ModelKey, seconds: Double) async {
    await keeper?.wait(for: key, seconds: seconds)
  }

  public nonisolated func testResult(ofTrial number: Int, of study: Study) async -> TestResult {
    await keeper?.testResult(ofTrial: number, of: study) ?? .none
  }

  public nonisolated func studies(scoringOn dataset: String) -> Set<String> {
    keeper?.studies(scoringOn: dataset) ?? []
  }

  /// Puts running trials back into the queue and gives no more work.
  public func shutDown() async {
    isShuttingDown = true
    letIn()
    keeper?.endWaits()
    for runner in runners.values { runner.callers.close() }
    await queue.close()
    await withTaskGroup(of: Void.self) { group in
      for runner in runners.values { group.addTask { try? await runner.putBack() } }
    }
  }

  public func create(
    _ body: JSONValue, unnamed: String?
  ) async throws(StudyError) -> (study: Snapshot<Study>, created: Bool) {
    try await ready()
    // As posted, whatever has become of defaults and data sets since: a study that there is stays as it is.
    if let name = body["name"]?.stringValue ?? unnamed, let existing = try await find(name),
      existing.value.definition.canonicalText.isExactly(body.canonicalText)
    {
      return (existing, false)
    }
    let definition: ResolvedDefinition
    let validator = try await validator(for: body)
    do {
      definition = try validator.resolve(body, makeName: { unnamed ?? Self.makeName("study-") })
    } catch { throw .invalid(error.faults) }
    if let existing = try await find(definition.name) { return (try same(existing, definition), false) }
    let study = Study(id: UUID(), definition: body, resolved: definition, at: timeOfNext())
    do {
      let position = try await store.commit([.insertStudy(study)])
      let runner = StudyRunner(study: study, isNew: true, dependencies: dependencies)
      keep(runner)
      _ = try? await runner.wake()
      return (Snapshot(value: study, position: position), true)
    } catch StoreError.nameTaken {
      guard let existing = try await find(definition.name) else { throw .nameTaken(definition.name) }
      return (try same(existing, definition), false)
    } catch { throw .store(error) }
  }

  private func same(
    _ existing: Snapshot<Study>, _ definition: ResolvedDefinition
  ) throws(StudyError) -> Snapshot<Study> {
    guard existing.value.resolved.canonicalText.isExactly(definition.canonicalText) else {
      throw .nameTaken(definition.name)
    }
    return existing
  }

  /// What a body is held against.
  func validator(for body: JSONValue) async throws(StudyError) -> DefinitionValidator {
    var validator = dependencies.rules.validator
    validator.context.priorStudy = try await priorStudy(of: body)
    return validator
  }

  /// The time of what is made next: later than all that was made before.
  func timeOfNext() -> Date {
    newest = max(dependencies.clock.now(), newest.later(by: 0.001))
    return newest
  }

  /// Starts a runner for each of some studies that were just made; their first trials are suggested meanwhile.
  func begin(_ studies: [Study]) {
    let made = studies.map { StudyRunner(study: $0, isNew: true, dependencies: dependencies) }
    for runner in made { keep(runner) }
    Task { for runner in made { _ = try? await runner.wake() } }
  }

  /// A name for what was posted without one: a word and 8 random characters.
  static func makeName(_ word: String) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return word + String((0..<8).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }

  public func pause(_ name: String, revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await runner(name).pause(revision: revision)
  }

  public func resume(_ name: String, revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await runner(name).resume(revision: revision)
  }

  public func stop(_ name: String, revision: Int?) async throws(StudyError) -> Snapshot<Study> {
    try await runner(name).stop(revision: revision)
  }

  public func edit(
    _ name: String, patch: JSONValue, revision: Int?
  ) async throws(StudyError) -> Snapshot<Study> {
    try await runner(name).edit(patch, revision: revision)
  }

  public func confirm(
    _ name: String, _ body: JSONValue, revision: Int?
  ) async throws(StudyError) -> Snapshot<Study> {
    let terms: ConfirmDefinition
    do throws(InvalidDefinition) {
      terms = try dependencies.rules.validator.confirm(body)
    } catch { throw .invalid(error.faults) }
    return try await runner(name).confirm(terms, revision: revision)
  }

  public func delete(_ name: String, revision: Int?) async throws(StudyError) {
    let runner = try await runner(name)
    for lease in try await runner.delete(revision: revision) { deletedLeases.insert(true, for: lease) }
    remove(runner.id)
    await keeper?.forget(study: runner.id)
  }

  /// Ends what is still done for a study that was deleted.
  func forget(_ id: UUID) async {
    if let runner = remove(id) {
      for lease in (try? await runner.delete(revision: nil)) ?? [] { deletedLeases.insert(true, for: lease) }
    }
    await keeper?.forget(study: id)
  }

  public func descents(_ name: String) async throws(StudyError) -> [Descent]? {
    try await runner(name).descents()
  }

  public nonisolated func live(_ id: UUID) -> LiveStatus? {
    guard var status = board.live(id) else { return nil }
    if status.runningSince != nil, store.trouble != nil { status.waitingFor = .disk }
    return status
  }

  public nonisolated func workers() -> [WorkerStatus] { board.workerStatuses() }

  private func letIn() {
    for caller in early ?? [] { caller.resume() }
    early = nil
  }

  /// Waits until `start` has ended, where callers wait for it.
  private func started() async {
    guard early != nil else { return }
    await withCheckedContinuation { early?.append($0) }
  }

  /// Waits until callers are let in; throws where the service stops.
  func ready() async throws(StudyError) {
    await started()
    if isShuttingDown { throw .shuttingDown }
  }

  func find(_ name: String) async throws(StudyError) -> Snapshot<Study>? {
    do { return try await store.study(named: name) } catch { throw .store(error) }
  }

  /// The runner of a study; one that is finished gets a runner that reads its trials when first asked.
  func runner(_ name: String) async throws(StudyError) -> StudyRunner {
    try await ready()
    if let runner = identities[ExactText(name)].flatMap({ runners[$0] }) { return runner }
    guard let study = try await find(name)?.value else { throw .unknownStudy(name) }
    return runner(of: study)
  }

  /// The runner of a study by its identity; nil where there is none.
  func runner(id: UUID) async throws(StudyError) -> StudyRunner? {
    if let runner = runners[id] { return runner }
    do { return try await store.study(id: id).map { runner(of: $0) } } catch { throw .store(error) }
  }

  private func runner(of study: Study) -> StudyRunner {
    if let runner = runners[study.id] { return runner }
    let runner = StudyRunner(study: study, isNew: false, dependencies: dependencies)
    runners[study.id] = runner
    // The study was read a while ago: another may have got the name since.
    if identities[runner.name] == nil { identities[runner.name] = study.id }
    return runner
  }

  /// Keeps the runner of a study that has its name from now on.
  private func keep(_ runner: StudyRunner) {
    runners[runner.id] = runner
    identities[runner.name] = runner.id
  }

  @discardableResult private func remove(_ id: UUID) -> StudyRunner? {
    guard let runner = runners.removeValue(forKey: id) else { return nil }
    if identities[runner.name] == id { identities[runner.name] = nil }
    return runner
  }
}
