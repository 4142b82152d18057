/// How CSV's features are scaled.
public enum FeatureScaling: String, Sendable, Hashable, CaseIterable, Codable {
  /// Each column minus the first part's mean, divided by its standard deviation (population).
  case standard
  /// Unchanged.
  case none
}
