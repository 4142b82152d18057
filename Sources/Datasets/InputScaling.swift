/// What was done to the numbers of a data set's files to make features of them, so that the same can be done to new ones.
public enum InputScaling: Sendable, Hashable {
  /// Nothing.
  case none
  /// Each pixel, 0 to 255, was divided by 255.
  case pixels
  /// Of each column, (D) each, the first part's mean was taken away and the rest divided by the standard deviation
  /// (population); 1 for a constant column.
  case standard(means: [Double], deviations: [Double])

  /// The features of one example (D), from its numbers as the data set's files would have them.
  public func features(of numbers: [Double]) -> [Double] {
    switch self {
    // Numbers are kept in single precision; pixels are divided in the precision that reads them.
    case .none: numbers.map { Double(Float($0)) }
    case .pixels: numbers.map { $0 / 255 }
    case .standard(let means, let deviations):
      numbers.indices.map { Double(Float((numbers[$0] - means[$0]) / deviations[$0])) }
    }
  }
}
