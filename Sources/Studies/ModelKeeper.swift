import Foundation
import Logging

/// Has models trained: those that somebody asks for, and, when a study has ended, those of its best points.
///
/// `@unchecked Sendable`: `line` and `failures` are read and written under the lock alone; the rest never changes.
final class ModelKeeper: @unchecked Sendable {
  /// Of how many of a study's best points a model is kept.
  static let keptPoints = 10
  /// How many of a study's best points are scored on its final part.
  static let finalPoints = 3
  /// How many other models of a study are kept, the last used.
  static let keptOthers = 40

  private let store: any StudyStore
  let shelf: any ModelShelf
  private let logger: Logger
  private let lock = NSLock()
  private var line = ModelLine()
  private var failures: [ModelKey: String] = [:]
  private var whenScored: (@Sendable (UUID) async -> Void)?

  init(store: any StudyStore, shelf: any ModelShelf, logger: Logger) {
    self.store = store
    self.shelf = shelf
    self.logger = logger
  }

  /// Has `body` told of studies whose best points have all been scored on their final part.
  func onScored(_ body: @escaping @Sendable (UUID) async -> Void) { lock.withLock { whenScored = body } }

  // MARK: For the queue

  var hasAsked: Bool { lock.withLock { line.hasAsked } }

  func next(asked: Bool, for worker: String) -> ModelAssignment? {
    lock.withLock { line.next(asked: asked, for: worker) }
  }

  func cancel(spareAlone: Bool) { lock.withLock { line.cancel(spareAlone: spareAlone) } }

  /// Takes a worker's report of its model.
  func finished(_ worker: String, _ model: ModelAssignment, _ report: ModelReport) {
    lock.withLock { line.finished(worker, isReturned: report == .returned) }
    if case .failed(let detail) = report {
      logger.warning("the model of \(model.studyName)/trials/\(model.number) could not be trained: \(detail)")
      lock.withLock {
        failures[ModelKey(study: model.study, number: model.number, repetition: model.repetition)] = detail
      }
    }
    if report == .kept {
      Task {
        await tidy(model.study)
        await tell(of: model)
      }
    }
  }

  // MARK: Requests for models

  /// Puts a model in line; nil, or why the last try failed, which is told once.
  func order(_ model: ModelAssignment) -> String? {
    lock.withLock {
      let key = ModelKey(study: model.study, number: model.number, repetition: model.repetition)
      if let failure = failures.removeValue(forKey: key) { return failure }
      line.add(model, isAsked: true)
      return nil
    }
  }

  /// Has the models of an ended study's best points trained when a worker is idle.
  func studyFinished(_ study: Study, queue: TrialQueue) {
    Task {
      for (place, point) in await bestPoints(study).enumerated() {
        // A point's score on what the search never sees is the mean over its repeats.
        let isScored = study.resolved.split.hasTestPart || study.resolved.final != nil && place < Self.finalPoints
        let repeats = isScored ? study.resolved.repeats : 1
        guard let number = point.trials.first,
          let trial = try? await store.trial(study: study.id, number: number)?.value
        else { continue }
        for repetition in 0..<repeats {
          let key = ModelKey(study: study.id, number: number, repetition: repetition)
          if await shelf.has(key) { continue }
          lock.withLock {
            var model = ModelAssignment(study, trial, repetition: repetition)
            model.isScored = isScored
            if failures[key] == nil { line.add(model, isAsked: false) }
          }
        }
        await queue.refreshModels()
      }
    }
  }

  /// The trials of a study's best points, whose models are kept.
  func keptNumbers(_ study: Study) async -> Set<Int> { Set(await bestPoints(study).flatMap(\.trials)) }

  private func bestPoints(_ study: Study) async -> [BestPoint] {
    let maximize = study.resolved.goal == .maximize
    return (try? await store.bestPoints(study: study.id, maximize: maximize, count: Self.keptPoints).value) ?? []
  }

  /// The names of the ended studies whose best points are still to be scored on the last part of a data set.
  func studies(scoringOn dataset: String) -> Set<String> { lock.withLock { line.studies(scoringOn: dataset) } }

  /// Removes a deleted study's models.
  func forget(study: UUID) async {
    lock.withLock {
      line.forget(study: study)
      failures = failures.filter { $0.key.study != study }
    }
    await shelf.remove(study: study)
  }

  /// Removes models of deleted studies: a kill can come after the study's deletion and before that of its models.
  func forgetStrangers() async {
    for id in await shelf.studies() {
      if case .some(.none) = try? await store.study(id: id) { await shelf.remove(study: id) }
    }
  }

  /// Tells where a model was the last that the scores of a study's best points were waiting for.
  private func tell(of model: ModelAssignment) async {
    guard model.definition.final != nil, let whenScored = lock.withLock({ whenScored }),
      let study = try? await store.study(id: model.study), study.state.isFinished
    else { return }
    let numbers = await bestPoints(study).prefix(Self.finalPoints).compactMap(\.trials.first)
    guard numbers.contains(model.number) else { return }
    for number in numbers {
      for repetition in 0..<study.resolved.repeats {
        // One training gives the models of all folds.
        guard await shelf.has(ModelKey(study: study.id, number: number, repetition: repetition)) else { return }
      }
    }
    await whenScored(study.id)
  }

  /// Bounds what is kept of a study; one that was deleted meanwhile keeps nothing.
  private func tidy(_ id: UUID) async {
    guard let found = try? await store.study(id: id) else { return await forgetStrangers() }
    await shelf.trim(study: id, keeping: await keptNumbers(found), others: Self.keptOthers)
  }
}

extension ModelAssignment {
  /// The model of a completed trial.
  init(_ study: Study, _ trial: Trial, repetition: Int) {
    self.init(
      study: study.id, studyName: study.name, definition: study.resolved, number: trial.number,
      replicate: trial.replicate, point: trial.point, repetition: repetition, cancellation: CancellationFlag())
  }
}
