import JSONText

/// Why a change of a study was refused.
public enum StudyError: Error, Sendable {
  /// No study has this name.
  case unknownStudy(String)
  /// The study has no trial of this number.
  case unknownTrial(study: String, number: Int)
  /// A trial is not held under the lease that was given; one sentence.
  case leaseLost(String)
  /// The definition or the patch has faults; pointers into the body.
  case invalid([Fault])
  /// The name has another definition.
  case nameTaken(String)
  /// No comparison has this name.
  case unknownComparison(String)
  /// The comparison of this name has another definition.
  case comparisonTaken(String)
  /// The state does not allow it; one sentence.
  case conflict(String)
  /// The study's revision is not the one asked for.
  case preconditionFailed
  /// The service is stopping.
  case shuttingDown
  /// It cannot be done now; one sentence.
  case unavailable(String)
  /// The store could not keep it.
  case store(StoreError)
}

extension StudyError {
  /// What is told of models where there is no folder for them.
  public static let keepsNoModels = StudyError.unavailable("This service keeps no models.")
}
