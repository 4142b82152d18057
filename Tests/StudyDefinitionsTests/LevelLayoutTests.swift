import Foundation
import Testing

@testable import StudyDefinitions

@Suite struct LevelLayoutTests {
  @Test func linear() {
    #expect(
      LevelLayout.reals(from: 0.1, to: 0.5, points: 5, logarithmic: false) == [0.1, 0.2, 0.3, 0.4, 0.5])
    #expect(LevelLayout.reals(from: -1, to: 1, points: 2, logarithmic: false) == [-1, 1])
    let tenths = (0...10).map { Double($0) / 10 }
    #expect(LevelLayout.reals(from: 0, to: 1, points: 11, logarithmic: false) == tenths)
    let huge = LevelLayout.reals(
      from: -.greatestFiniteMagnitude, to: .greatestFiniteMagnitude, points: 3, logarithmic: false)
    #expect(huge == [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude])
    #expect(LevelLayout.reals(from: 1, to: 1.nextUp, points: 9, logarithmic: false) == [1, 1.nextUp])
  }

  /// Levels between two decimals are the decimals that a person would write.
  @Test func linearLevelsAreTheNearestToTheirDecimals() {
    func levels(_ low: Double, _ high: Double, _ points: Int) -> [Double] {
      LevelLayout.reals(from: low, to: high, points: points, logarithmic: false)
    }
    #expect(levels(0.1, 0.7, 7) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    #expect(levels(0.1, 0.9, 9) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    #expect(levels(-0.3, 0.3, 7) == [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
    #expect(levels(0.0001, 0.0009, 9) == (1...9).map { Double("\($0)e-4")! })
    #expect(levels(1e-7, 1e-6, 10) == (1...10).map { Double("\($0)e-7")! })
    #expect(levels(1e22, 3e22, 5) == [1e22, 1.5e22, 2e22, 2.5e22, 3e22])
    // Lists of their own: the compiler takes seconds for one with quotients in an expectation.
    let thirds: [Double] = [0, 1.0 / 3, 2.0 / 3, 1]
    #expect(levels(0, 1, 4) == thirds)
    #expect(
      levels(0, 0.1, 4) == [
        0, Double("0.033333333333333333333333333333")!, Double("0.0666666666666666666666666666")!, 0.1,
      ])
    #expect(levels(0.001, 1000, 3) == [0.001, 500.0005, 1000])
    #expect(levels(1e-300, 1, 3) == [1e-300, 0.5, 1], "the lower end is lost beside the upper one")
    for points in 2...300 {
      let found = levels(0.01, 0.37, points)
      #expect(found.count == points)
      for (index, level) in found.enumerated() {
        // In units of 0.01 / (points - 1) the level is a whole number.
        let units = 1 * (points - 1 - index) + 37 * index
        #expect(abs(level - Double(units) / Double(100 * (points - 1))) <= level.ulp, "\(points) \(index)")
        if units % (points - 1) == 0 {
          #expect(level == Double("\(units / (points - 1))e-2"), "\(points) \(index)")
        }
      }
    }
  }

  @Test func logarithmic() {
    #expect(
      LevelLayout.reals(from: 1e-5, to: 0.1, points: 5, logarithmic: true) == [1e-5, 1e-4, 1e-3, 1e-2, 1e-1])
    #expect(
      LevelLayout.reals(from: 1e-300, to: 1e300, points: 7, logarithmic: true)
        == [1e-300, 1e-200, 1e-100, 1, 1e100, 1e200, 1e300])
    let levels = LevelLayout.reals(from: 0.003, to: 7, points: 101, logarithmic: true)
    #expect((levels.count, levels.first, levels.last) == (101, 0.003, 7))
    for (index, level) in levels.enumerated() {
      let exact = 0.003 * pow(7 / 0.003, Double(index) / 100)
      #expect(abs(level / exact - 1) < 1e-12)
    }
  }

  @Test func integers() {
    // 2.5 and 3.5 and 4.5 are rounded half to even, so that they become 2, 4, 4.
    #expect(LevelLayout.integers(from: 2, to: 5, points: 7, logarithmic: false) == [2, 3, 4, 5])
    #expect(LevelLayout.integers(from: 1, to: 4, points: 3, logarithmic: false) == [1, 2, 4])
    #expect(LevelLayout.integers(from: 1, to: 1024, points: 11, logarithmic: true) == (0...10).map { 1 << $0 })
    #expect(LevelLayout.integers(from: 1, to: 3, points: 50, logarithmic: true) == [1, 2, 3])
    #expect(
      LevelLayout.integers(
        from: -9_007_199_254_740_991, to: 9_007_199_254_740_991, points: 3, logarithmic: false)
        == [-9_007_199_254_740_991, 0, 9_007_199_254_740_991])
  }

  @Test func logarithmAndExponentialAreClose() {
    for exponent in stride(from: -1070.0, through: 1020, by: 7.3) {
      let x = exp2(exponent)
      #expect(abs(PortableLogarithm.log(x) - log(x)) <= abs(log(x)).ulp * 2)
    }
    for y in stride(from: -700.0, through: 700, by: 1.37) {
      #expect(abs(PortableLogarithm.exp(y) / exp(y) - 1) < 1e-15)
    }
  }
}
