import Foundation
import SearchSpace
import StudyDefinitions

/// A model of a completed trial that is to be trained again, the same as before, to be kept.
public struct ModelAssignment: Sendable {
  public var study: UUID
  public var studyName: String
  public var definition: ResolvedDefinition
  public var number: Int
  public var replicate: Int
  public var point: Point
  /// Which of the trial's repeats, from 0; it gives the models of all folds.
  public var repetition: Int
  /// Whether a score on what the search never sees waits for it.
  public var isScored = false
  /// Set when the worker has something better to do.
  public var cancellation: CancellationFlag
}

/// What became of a model.
public enum ModelReport: Sendable, Hashable {
  /// It was trained, and is on the shelf.
  case kept
  /// It cannot be trained or kept; a sentence.
  case failed(String)
  /// It was handed back untrained (cancelled, shutting down).
  case returned
}

extension ModelAssignment {
  /// The key of its first fold's model.
  var key: ModelKey { ModelKey(study: study, number: number, repetition: repetition) }

  /// The model of a completed trial.
  init(_ study: Study, _ trial: Trial, repetition: Int) {
    self.init(
      study: study.id, studyName: study.name, definition: study.resolved, number: trial.number,
      replicate: trial.replicate, point: trial.point, repetition: repetition, cancellation: CancellationFlag())
  }
}
