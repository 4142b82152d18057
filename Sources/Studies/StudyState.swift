/// The state of a study.
public enum StudyState: String, Sendable, Hashable, CaseIterable {
  case running, paused, completed, stopped, failed

  /// Whether nothing more happens unless a person asks for it.
  public var isFinished: Bool { self == .completed || self == .stopped || self == .failed }
}
