import Foundation
import Testing

@testable import StudyDefinitions

@Suite struct LevelLayoutTests {
  @Test func linear() {
    #expect(
      LevelLayout.reals(from: 0.1, to: 0.5, points: 5, logarithmic: false) == [0.1, 0.2, 0.3, 0.4, 0.5])
    #expect(LevelLayout.reals(from: -1, to: 1, points: 2, logarithmic: false) == [-1, 1])
    #expect(LevelLayout.reals(from: 0, to: 1, points: 11, logarithmic: false) == (0...10).map { Double($0) / 10 })
    let huge = LevelLayout.reals(
      from: -.greatestFiniteMagnitude, to: .greatestFiniteMagnitude, points: 3, logarithmic: false)
    #expect(huge == [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude])
    #expect(LevelLayout.reals(from: 1, to: 1.nextUp, points: 9, logarithmic: false) == [1, 1.nextUp])
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
    // 2.5 and 3.5 and 4.5 are rounded half to even, so that 2, 4, 4 stand for them.
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
