/// Which first layer a training gets.
enum FirstLayerChoice {
  /// The most examples whose Gram matrix is made.
  static let mostExamples = 2048

  /// Whether to train in the space of the examples: where that is exact (not Adam) and pays, which is where the examples
  /// are fewer than twice the features.
  static func isGram(_ settings: PerceptronSettings, _ data: DataShape) -> Bool {
    settings.optimizer.method == .gradientDescent && data.examples <= 2 * data.features
      && data.allExamples <= mostExamples
  }
}
