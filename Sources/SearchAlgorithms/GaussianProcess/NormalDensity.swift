import NumericKernels

extension Cholesky {
  /// ln N(z; 0, A) = −½ ‖L⁻¹z‖² − ½ ln |A| − ½ n ln 2π
  ///
  /// How likely the numbers z are, drawn from a normal distribution with this covariance A and mean 0.
  func logNormalDensity(of z: [Double]) -> Double {
    var squares = 0.0
    for value in solveLower(z) { squares += value * value }
    return -0.5 * squares - 0.5 * logDeterminant - 0.5 * Double(count) * 1.837_877_066_409_345_5
  }
}
