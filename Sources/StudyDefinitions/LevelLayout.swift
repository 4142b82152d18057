/// Lays a range out as levels: both ends exact, evenly spaced in the scale, ascending, no duplicates.
enum LevelLayout {
  /// The levels of a real range, `points` of them unless the range has fewer doubles.
  static func reals(from minimum: Double, to maximum: Double, points: Int, logarithmic: Bool) -> [Double] {
    var levels = [minimum]
    for index in 1..<max(points - 1, 1) {
      let level = position(index, of: points - 1, from: minimum, to: maximum, logarithmic: logarithmic)
      if let last = levels.last, level > last, level < maximum { levels.append(level) }
    }
    return levels + [maximum]
  }

  /// The levels of an integer range, rounded half to even and made unique.
  static func integers(from minimum: Int, to maximum: Int, points: Int, logarithmic: Bool) -> [Int] {
    var levels = [minimum]
    for index in 1..<max(points - 1, 1) {
      let exact = position(
        index, of: points - 1, from: Double(minimum), to: Double(maximum), logarithmic: logarithmic)
      let level = Int(exact.rounded(.toNearestOrEven))
      if let last = levels.last, level > last, level < maximum { levels.append(level) }
    }
    return levels + [maximum]
  }

  private static func position(
    _ index: Int, of steps: Int, from minimum: Double, to maximum: Double, logarithmic: Bool
  ) -> Double {
    let share = Double(index) / Double(steps)
    if logarithmic {
      let start = PortableLogarithm.log(minimum)
      return rounded(PortableLogarithm.exp(start + share * (PortableLogarithm.log(maximum) - start)))
    }
    if let exact = DecimalLevel.nearest(index, of: steps, from: minimum, to: maximum) { return exact }
    let weighted = (minimum * Double(steps - index) + maximum * Double(index)) / Double(steps)
    return weighted.isFinite ? weighted : minimum * (1 - share) + maximum * share
  }

  /// Rounds to 13 significant digits, so that 10⁻⁵…10⁻¹ has 0.001 among its levels and not a neighbour of it.
  private static func rounded(_ value: Double) -> Double {
    let parts = value.description.split(separator: "e")
    let exponent = parts.count > 1 ? "e" + parts[1] : ""
    let point = parts[0].firstIndex(of: ".") ?? parts[0].endIndex
    let fraction = parts[0][point...].dropFirst()
    let whole = String(parts[0][..<point])
    let digits = Array((whole + fraction).utf8.map { Int($0) - 48 })
    let zeros = digits.prefix { $0 == 0 }.count
    guard digits.count - zeros > 13 else { return value }
    var kept = digits[..<(zeros + 13)].reduce(0) { $0 * 10 + $1 }
    if digits[zeros + 13] >= 5 { kept += 1 }
    // `kept` counts units of the last digit kept, which is this many places behind the point.
    let places = zeros + 13 - whole.count
    let shift = (Int(exponent.dropFirst()) ?? 0) - places
    return Double("\(kept)e\(shift)") ?? value
  }
}

/// Natural logarithm and exponential of + − × ÷ alone, so that levels have the same bits on every machine (the C
/// library's differ in the last bit between versions).
///
/// Levels are stored and decide what a trial is, so this stays beside `SearchSpace`'s `PortableMath`, which draws: that one
/// sums another number of terms, and of a million arguments 1 logarithm and 487 exponentials differ in the last bit.
enum PortableLogarithm {
  // ln 2 in two parts; the first ends in 21 zero bits, so that its products with exponents are exact.
  private static let ln2High = 0x1.62e42feep-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// The natural logarithm of a positive finite number, to about 1 ulp.
  static func log(_ x: Double) -> Double {
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    // log m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …), |s| < 0.172
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var series = 0.0
    for k in stride(from: 25, through: 3, by: -2) { series = (series + 1 / Double(k)) * square }
    return exponent * ln2High + (exponent * ln2Low + 2 * (s + s * series))
  }

  /// e to the power of y, to about 1 ulp of y and 1 of the result.
  static func exp(_ y: Double) -> Double {
    let power = (y / (ln2High + ln2Low)).rounded(.toNearestOrEven)
    let rest = (y - power * ln2High) - power * ln2Low
    var series = 1.0
    for k in stride(from: 16, through: 1, by: -1) { series = 1 + rest / Double(k) * series }
    return Double(sign: .plus, exponent: Int(power), significand: series)
  }
}
