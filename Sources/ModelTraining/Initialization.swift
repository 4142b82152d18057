/// The variance of the first weights.
enum Initialization: String, CaseIterable, Sendable {
  case lecun, xavier, he

  /// The standard deviation for a layer.
  func deviation(inputs: Int, outputs: Int) -> Double {
    switch self {
    case .lecun: (1 / Double(inputs)).squareRoot()
    case .xavier: (2 / Double(inputs + outputs)).squareRoot()
    case .he: (2 / Double(inputs)).squareRoot()
    }
  }
}
