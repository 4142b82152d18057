import Foundation
import Testing

@testable import NumericKernels

@Suite struct DrawTests {
  /// The vectors that the authors publish with Random123 (philox4x32-10).
  @Test func philoxGivesThePublishedWords() {
    let zero = KeyedDraw(key: (0, 0)).words(0, 0, 0, 0)
    #expect(zero == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = KeyedDraw(key: (.max, .max)).words(.max, .max, .max, .max)
    #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = KeyedDraw(key: (0xa409_3822, 0x299f_31d0)).words(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344)
    #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func normalsAreNormal() {
    let draw = KeyedDraw(seed: 1, stream: 1)
    let numbers = (0..<20_000).flatMap { index -> [Double] in
      let (a, b) = draw.normals(UInt32(index), 0, 0, 0)
      return [a, b]
    }
    let mean = numbers.reduce(0, +) / 40_000
    let variance = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 40_000
    let fourth = numbers.map { $0 * $0 * $0 * $0 }.reduce(0, +) / 40_000
    #expect(abs(mean) < 0.025 && abs(variance - 1) < 0.04 && abs(fourth - 3) < 0.3)
    #expect(abs(Double(numbers.count { abs($0) < 1.96 }) / 40_000 - 0.95) < 0.006)
  }
}

@Suite struct ElementaryTests {
  private func close(_ a: Double, _ b: Double, ulps: Double) -> Bool {
    a == b || (a.isNaN && b.isNaN) || abs(a - b) <= ulps * max(a.ulp, b.ulp)
  }

  @Test func exponentialAndLogarithm() {
    for step in -7000...7000 {
      let x = Double(step) * 0.1013
      #expect(close(Elementary.exp(x), Foundation.exp(x), ulps: 4), "exp \(x)")
      let y = Foundation.exp(x * 0.9)
      #expect(
        close(Elementary.log(y), Foundation.log(y), ulps: 3) || abs(Elementary.log(y) - Foundation.log(y)) < 2e-16)
    }
    #expect(Elementary.exp(0) == 1 && Elementary.log(1) == 0)
    #expect(Elementary.exp(800) == .infinity && Elementary.exp(-800) == 0 && Elementary.exp(-.infinity) == 0)
    #expect(Elementary.log(0) == -.infinity && Elementary.log(-1).isNaN && Elementary.log(.infinity) == .infinity)
    #expect(Elementary.exp(.nan).isNaN && Elementary.log(.nan).isNaN)
    #expect(close(Elementary.exp(709.7), Foundation.exp(709.7), ulps: 4))
    #expect(close(Elementary.exp(-740), Foundation.exp(-740), ulps: 4))
  }

  @Test func squashing() {
    for step in -4000...4000 {
      let x = Double(step) * 0.0117
      #expect(close(Elementary.tanh(x), Foundation.tanh(x), ulps: 6), "tanh \(x)")
      #expect(close(Elementary.sigmoid(x), 1 / (1 + Foundation.exp(-x)), ulps: 8), "sigmoid \(x)")
      let softplus = x > 0 ? x + Foundation.log1p(Foundation.exp(-x)) : Foundation.log1p(Foundation.exp(x))
      #expect(close(Elementary.softplus(x), softplus, ulps: 6), "softplus \(x)")
    }
    #expect(Elementary.tanh(1e-9) == 1e-9 && Elementary.tanh(40) == 1 && Elementary.tanh(-.infinity) == -1)
    #expect(Elementary.sigmoid(-1000) == 0 && Elementary.sigmoid(1000) == 1 && Elementary.softplus(1000) == 1000)
    #expect(Elementary.tanh(.nan).isNaN && Elementary.sigmoid(.nan).isNaN && Elementary.softplus(.nan).isNaN)
  }

  @Test func turns() {
    for step in 0...10_000 {
      let v = Double(step) / 10_000
      let (cosine, sine) = Elementary.cosineAndSine(turns: v)
      #expect(abs(cosine - Foundation.cos(2 * .pi * v)) < 1e-15 && abs(sine - Foundation.sin(2 * .pi * v)) < 1e-15)
    }
    #expect(Elementary.cosineAndSine(turns: 0.25) == (0, 1) && Elementary.cosineAndSine(turns: 0.5) == (-1, 0))
  }
}
