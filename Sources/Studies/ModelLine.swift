import Foundation

/// The models that wait to be trained, each once: those that somebody asked for, first come first, and those that are to
/// be kept anyway, for idle workers.
struct ModelLine {
  /// What a model is known by; one training gives all folds.
  private struct Name: Hashable {
    var study: UUID
    var number: Int
    var repetition: Int

    init(_ model: ModelAssignment) {
      study = model.study
      number = model.number
      repetition = model.repetition
    }
  }

  private var asked: [ModelAssignment] = []
  private var spare: [ModelAssignment] = []
  private var underway: [String: (model: ModelAssignment, isAsked: Bool)] = [:]

  var hasAsked: Bool { !asked.isEmpty }

  /// How many wait that nobody has asked for.
  var spareCount: Int { spare.count }

  /// Whether a model waits, or is being trained.
  func contains(study: UUID, number: Int, repetition: Int) -> Bool {
    (asked + spare + underway.values.map(\.model)).contains {
      $0.study == study && $0.number == number && $0.repetition == repetition
    }
  }

  /// Puts a model in line, or further ahead where somebody asks for one that could wait until now.
  mutating func add(_ model: ModelAssignment, isAsked: Bool) {
    let name = Name(model)
    if let worker = underway.first(where: { Name($0.value.model) == name && !$0.value.model.cancellation.isSet })?.key {
      if isAsked { underway[worker]?.isAsked = true }
      return
    }
    guard !asked.contains(where: { Name($0) == name }) else { return }
    if isAsked {
      spare.removeAll { Name($0) == name }
      asked.append(model)
    } else if !spare.contains(where: { Name($0) == name }) {
      spare.append(model)
    }
  }

  /// The next for a worker; nil where there is none of this kind.
  mutating func next(asked wantsAsked: Bool, for worker: String) -> ModelAssignment? {
    guard var model = wantsAsked ? asked.first : spare.first else { return nil }
    if wantsAsked { asked.removeFirst() } else { spare.removeFirst() }
    model.cancellation = CancellationFlag()
    underway[worker] = (model, wantsAsked)
    return model
  }

  /// Records that a worker is done with its model; one that came back untrained waits again.
  mutating func finished(_ worker: String, isReturned: Bool) {
    guard let (model, isAsked) = underway.removeValue(forKey: worker), isReturned else { return }
    add(model, isAsked: isAsked)
  }

  /// Cancels running trainings; with `spareAlone`, only those that nobody requested.
  func cancel(spareAlone: Bool) {
    for (model, isAsked) in underway.values where !(spareAlone && isAsked) { model.cancellation.set() }
  }

  /// The names of the studies that have models to come which score their best points on what the search never sees.
  func studies(scoringOn dataset: String) -> Set<String> {
    let scoring = (asked + spare + underway.values.map(\.model)).filter {
      $0.definition.dataset == dataset && $0.isScored
    }
    return Set(scoring.map(\.studyName))
  }

  /// Removes all models of a study.
  mutating func forget(study: UUID) {
    asked.removeAll { $0.study == study }
    spare.removeAll { $0.study == study }
    for (worker, entry) in underway where entry.model.study == study {
      entry.model.cancellation.set()
      underway[worker] = nil
    }
  }
}
