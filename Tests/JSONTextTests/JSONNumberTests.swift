import JSONText
import Testing

@Suite struct JSONNumberTests {
  /// RFC 8785, appendix B: bits of a double and its text.
  static let appendixB: [(UInt64, String)] = [
    (0x0000_0000_0000_0000, "0"),
    (0x8000_0000_0000_0000, "0"),
    (0x0000_0000_0000_0001, "5e-324"),
    (0x8000_0000_0000_0001, "-5e-324"),
    (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
    (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
    (0x4340_0000_0000_0000, "9007199254740992"),
    (0xc340_0000_0000_0000, "-9007199254740992"),
    (0x4430_0000_0000_0000, "295147905179352830000"),
    (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
    (0x44b5_2d02_c7e1_4af6, "1e+23"),
    (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
    (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
    (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
    (0x444b_1ae4_d6e2_ef50, "1e+21"),
    (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
    (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
    (0x41b3_de43_5555_5553, "333333333.3333332"),
    (0x41b3_de43_5555_5554, "333333333.33333325"),
    (0x41b3_de43_5555_5555, "333333333.3333333"),
    (0x41b3_de43_5555_5556, "333333333.3333334"),
    (0x41b3_de43_5555_5557, "333333333.33333343"),
    (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
  ]

  @Test(arguments: appendixB) func vector(bits: UInt64, text: String) {
    #expect(JSONNumber.text(Double(bitPattern: bits)) == text)
  }

  @Test func layouts() {
    let cases: [(Double, String)] = [
      (5, "5"), (-5, "-5"), (0.1, "0.1"), (0.0075, "0.0075"), (100, "100"), (123.456, "123.456"), (1e-7, "1e-7"),
      (1.5e-10, "1.5e-10"), (1e20, "100000000000000000000"), (1e100, "1e+100"), (-0.5, "-0.5"),
      (.infinity, "null"), (.nan, "null"), (9_007_199_254_740_991, "9007199254740991"),
    ]
    for (value, text) in cases { #expect(JSONNumber.text(value) == text) }
  }

  /// A fixed walk over bit patterns: each finite double reads back as itself.
  @Test func roundTrip() {
    var bits: UInt64 = 1
    for _ in 0..<20_000 {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: bits)
      guard value.isFinite else { continue }
      #expect(Double(JSONNumber.text(value)) == value)
    }
  }
}
