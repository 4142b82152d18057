import Foundation
import Logging
import Promises

/// Why a model could not be trained; a sentence without its end.
struct ModelFailure: Error {
  var detail: String
}

/// Has models trained: those that somebody asks for; when a study has ended, those of its best points; and after a start,
/// those that were lost with the process and that scores of ended studies wait for.
final class ModelKeeper: Sendable {
  /// How far the search for what is missing has come, newest study first.
  private enum Search {
    case notBegun, ended
    case isRunning
    case waits(after: StudyKey?)
  }

  private struct State {
    var line = ModelLine()
    /// What could not be trained, by the key of its first fold, and whether somebody was told.
    var failures: [ModelKey: (failure: ModelFailure, isTold: Bool)] = [:]
    var search = Search.notBegun
    var wakeQueue: @Sendable () async -> Void = {}
    var whenScored: (@Sendable (UUID) async -> Void)?
  }

  /// How many models that nobody asked for wait before the search continues.
  private static let fewSpare = 30
  /// How many studies the search reads at once.
  private static let studiesAtOnce = 20

  private let store: any StudyStore
  let shelf: any ModelShelf
  private let logger: Logger
  private let waiters = Waiters<ModelKey>()
  private let state = Locked(State())

  init(store: any StudyStore, shelf: any ModelShelf, logger: Logger) {
    self.store = store
    self.shelf = shelf
    self.logger = logger
  }

  /// Has `body` told of studies whose best points have all been scored on their final part.
  func onScored(_ body: @escaping @Sendable (UUID) async -> Void) { state.withLock { $0.whenScored = body } }

  // MARK: For the queue

  var hasAsked: Bool { state.withLock { $0.line.hasAsked } }

  func next(asked: Bool, for worker: String) -> ModelAssignment? {
    let (model, goesOn) = state.withLock { state -> (ModelAssignment?, Bool) in
      let model = state.line.next(asked: asked, for: worker)
      if case .waits = state.search { return (model, state.line.spareCount < Self.fewSpare) }
      return (model, false)
    }
    if goesOn { Task { await searchOn() } }
    return model
  }

  func cancel(spareAlone: Bool) { state.withLock { $0.line.cancel(spareAlone: spareAlone) } }

  /// Takes a worker's report of its model.
  func finished(_ worker: String, _ model: ModelAssignment, _ report: ModelReport) {
    let key = model.key
    state.withLock { state in
      state.line.finished(worker, isReturned: report == .returned)
      switch report {
      case .kept: state.failures[key] = nil
      case .failed(let detail): state.failures[key] = (ModelFailure(detail: detail), false)
      case .returned: break
      }
    }
    switch report {
    case .returned: return
    case .failed(let detail):
      logger.warning("the model of \(model.studyName)/trials/\(model.number) could not be trained: \(detail)")
    case .kept: break
    }
    waiters.wake(key)
    Task {
      if report == .kept { await tidy(model.study) }
      await tell(of: model)
    }
  }

  // MARK: Requests for models

  /// Puts a model in line; throws why the last try failed, which is told once.
  func request(_ model: ModelAssignment) throws(ModelFailure) {
    let failure = state.withLock { state -> ModelFailure? in
      if let known = state.failures[model.key], !known.isTold {
        state.failures[model.key]?.isTold = true
        return known.failure
      }
      state.line.add(model, isAsked: true)
      return nil
    }
    if let failure { throw failure }
  }

  /// Waits until a model is no longer in line; returns after `seconds`, too.
  func wait(for key: ModelKey, seconds: Double) async {
    let key = key.ofFirstFold
    _ = await waiters.wait(for: key, seconds: seconds) {
      state.withLock { !$0.line.contains(study: key.study, number: key.number, repetition: key.repetition) }
    }
  }

  /// Ends all waits, because the service stops.
  func endWaits() { waiters.endAll() }

  /// What a trial's networks score on what the search never sees, mean over repeats and folds.
  func testResult(ofTrial number: Int, of study: Study) async -> TestResult {
    var scores: [TestScore] = []
    for repetition in 0..<study.resolved.repeats {
      for fold in 0..<study.resolved.split.folds {
        let key = ModelKey(study: study.id, number: number, repetition: repetition, fold: fold)
        guard let score = await shelf.testScore(key) else { return hasFailed(number, of: study) ? .none : .pending }
        scores.append(score)
      }
    }
    return TestScore(meanOf: scores).map { .scored($0) } ?? .none
  }

  private func hasFailed(_ number: Int, of study: Study) -> Bool {
    state.withLock { state in state.failures.keys.contains { $0.study == study.id && $0.number == number } }
  }

  // MARK: What is kept

  /// Has the models of an ended study's best points trained when a worker is idle; `whenWaiting` is told that there are
  /// some.
  func studyFinished(_ study: Study, whenWaiting: @escaping @Sendable () async -> Void) {
    Task {
      await addMissing(of: study, scoredAlone: false)
      await whenWaiting()
    }
  }

  /// Begins to put in line what is missing of the models that scores of ended studies wait for; `wake` tells the queue that
  /// there is more. A stop of the service loses what was in line.
  func begin(wake: @escaping @Sendable () async -> Void) async {
    state.withLock { state in
      state.wakeQueue = wake
      state.search = .waits(after: nil)
    }
    await searchOn()
  }

  /// Reads further studies while few models wait, so that the line stays short however many studies there are.
  private func searchOn() async {
    while true {
      let begun: (after: StudyKey?, wake: @Sendable () async -> Void)? = state.withLock { state in
        guard case .waits(let after) = state.search, state.line.spareCount < Self.fewSpare else { return nil }
        state.search = .isRunning
        return (after, state.wakeQueue)
      }
      guard let begun else { return }
      var filter = StudyFilter()
      filter.states = Set(StudyState.allCases.filter(\.isFinished))
      guard let page = try? await store.studies(filter, after: begun.after, limit: Self.studiesAtOnce).value else {
        // The next time that a worker is idle it is tried again.
        return state.withLock { $0.search = .waits(after: begun.after) }
      }
      for study in page.items where study.resolved.scoresAtTheEnd { await addMissing(of: study, scoredAlone: true) }
      state.withLock { $0.search = page.next.map { .waits(after: $0) } ?? .ended }
      await begun.wake()
    }
  }

  /// Puts in line what the shelf lacks of the models of a study's best points, or of those alone that are scored.
  private func addMissing(of study: Study, scoredAlone: Bool) async {
    guard study.resolved.isTrained else { return }
    for (place, point) in await bestPoints(study).enumerated() {
      let isScored = Self.isScored(study, place: place)
      guard isScored || !scoredAlone, let number = point.trials.first else { continue }
      // A point's score on what the search never sees is the mean over its repeats.
      for repetition in 0..<(isScored ? study.resolved.repeats : 1) {
        let key = ModelKey(study: study.id, number: number, repetition: repetition)
        guard await isMissing(key, isScored: isScored, folds: study.resolved.split.folds),
          let trial = try? await store.trial(study: study.id, number: number)?.value
        else { continue }
        var model = ModelAssignment(study, trial, repetition: repetition)
        model.isScored = isScored
        state.withLock { [model] in if $0.failures[key] == nil { $0.line.add(model, isAsked: false) } }
      }
    }
    // It may have been deleted, and forgotten, before the last of them was put in line.
    if case .some(.none) = try? await store.study(id: study.id) { state.withLock { $0.line.forget(study: study.id) } }
  }

  private static func isScored(_ study: Study, place: Int) -> Bool {
    study.resolved.split.hasTestPart || study.resolved.final != nil && place < KeptModels.scoredPoints
  }

  /// Whether the shelf lacks a model, or its score where it should have one.
  private func isMissing(_ key: ModelKey, isScored: Bool, folds: Int) async -> Bool {
    guard isScored else { return await !shelf.has(key) }
    for fold in 0..<folds {
      var key = key
      key.fold = fold
      if await shelf.testScore(key) == nil { return true }
    }
    return false
  }

  /// The trials of a study's best points, whose models are kept.
  func keptNumbers(_ study: Study) async -> Set<Int> { Set(await bestPoints(study).flatMap(\.trials)) }

  private func bestPoints(_ study: Study) async -> [BestPoint] {
    let maximize = study.resolved.goal == .maximize
    return (try? await store.bestPoints(study: study.id, maximize: maximize, count: KeptModels.points).value) ?? []
  }

  /// The names of the ended studies whose best points are still to be scored on the last part of a data set.
  func studies(scoringOn dataset: String) -> Set<String> { state.withLock { $0.line.studies(scoringOn: dataset) } }

  /// Removes a deleted study's models.
  func forget(study: UUID) async {
    state.withLock { state in
      state.line.forget(study: study)
      state.failures = state.failures.filter { $0.key.study != study }
    }
    waiters.wake { $0.study == study }
    await shelf.remove(study: study)
  }

  /// Removes models of deleted studies: a kill can come after the study's deletion and before that of its models.
  func forgetStrangers() async {
    for id in await shelf.studies() {
      if case .some(.none) = try? await store.study(id: id) { await shelf.remove(study: id) }
    }
  }

  /// Tells where a model was the last that the scores of a study's best points were waiting for; one that cannot be trained
  /// is not waited for any more.
  private func tell(of model: ModelAssignment) async {
    guard model.definition.final != nil, let whenScored = state.withLock({ $0.whenScored }),
      let study = try? await store.study(id: model.study), study.state.isFinished
    else { return }
    let numbers = await bestPoints(study).prefix(KeptModels.scoredPoints).compactMap(\.trials.first)
    guard numbers.contains(model.number) else { return }
    for number in numbers {
      for repetition in 0..<study.resolved.repeats {
        // One training gives the models of all folds.
        let key = ModelKey(study: study.id, number: number, repetition: repetition)
        if await shelf.has(key) { continue }
        guard state.withLock({ $0.failures[key] != nil }) else { return }
      }
    }
    await whenScored(study.id)
  }

  /// Bounds what is kept of a study; one that was deleted meanwhile keeps nothing.
  private func tidy(_ id: UUID) async {
    guard let found = try? await store.study(id: id) else { return await forgetStrangers() }
    await shelf.trim(study: id, keeping: await keptNumbers(found), others: KeptModels.others)
  }
}

extension ModelKey {
  /// The key of what one training gives: the models of all folds.
  fileprivate var ofFirstFold: ModelKey { ModelKey(study: study, number: number, repetition: repetition) }
}
