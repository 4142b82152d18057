import NumericKernels
import Testing

@testable import SearchAlgorithms

@Suite struct NormalDensityTests {
  /// Held against NumPy's solve and slogdet.
  @Test func ofThreeNumbers() throws {
    let covariance = [2, 0.5, 0.25, 0.5, 1, -0.3, 0.25, -0.3, 1.5]
    let factor = try #require(Cholesky(covariance, count: 3, .refused(atMost: 0)))
    #expect(abs(factor.logNormalDensity(of: [0.3, -1.2, 0.7]) + 4.133_164_465_521_637) < 1e-12)
    #expect(Cholesky(.refused(atMost: 0)).logNormalDensity(of: []) == 0)
  }
}
