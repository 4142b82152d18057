import Foundation
import StudyDefinitions

/// What a worker is handed.
public enum Work: Sendable {
  /// Trials of one study, at least one; those that differ in nothing but where the training ends follow one another.
  case trials([TrialAssignment])
  /// A point likely to be asked for.
  case ahead(AheadAssignment)
  /// A model that somebody wants.
  case model(ModelAssignment)

  /// The study it belongs to.
  public var study: UUID {
    switch self {
    case .trials(let trials): trials[0].study
    case .ahead(let ahead): ahead.study
    case .model(let model): model.study
    }
  }

  /// The study's definition.
  public var definition: ResolvedDefinition {
    switch self {
    case .trials(let trials): trials[0].definition
    case .ahead(let ahead): ahead.definition
    case .model(let model): model.definition
    }
  }
}
