import SearchSpace
import StudyDefinitions

/// What trials cost, and where their trainings may end.
public protocol TrialCosts: Sendable {
  /// The setting of a study's model that says where a training ends and decides nothing before (`iterations`), if any.
  func progressSetting(_ definition: ResolvedDefinition) -> String?

  /// About how many floating-point operations a trial at a point takes.
  func operations(_ definition: ResolvedDefinition, at point: Point) -> Double
}
