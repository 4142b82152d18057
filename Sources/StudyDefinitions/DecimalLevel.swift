/// A level of a linear range in exact decimal arithmetic, so that 0.1…0.7 by 7 has the 0.2 and 0.4 that a person writes.
enum DecimalLevel {
  /// How far the last digits of both ends may be apart for 128 bits to hold what lies between.
  private static let widest = 15
  /// How many digits a quotient that does not end is worked out to: more than enough to tell which double is nearest.
  private static let digits = 24

  /// The double nearest to minimum + index · (maximum − minimum) / steps, the ends taken as the decimals that they are
  /// written as; nil where one is too small beside the other for its digits to matter.
  static func nearest(_ index: Int, of steps: Int, from minimum: Double, to maximum: Double) -> Double? {
    let (low, high) = (Decimal(minimum), Decimal(maximum))
    let exponent = min(low.exponent, high.exponent)
    guard max(low.exponent, high.exponent) - exponent <= widest else { return nil }
    let weighted =
      low.scaled(to: exponent) * Int128(steps - index) + high.scaled(to: exponent) * Int128(index)
    guard weighted != 0 else { return 0 }
    let (divisor, magnitude) = (UInt128(steps), weighted.magnitude)
    var (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: divisor)
    var text = "\(weighted < 0 ? "-" : "")\(quotient)"
    var place = exponent
    for _ in 0..<digits where rest != 0 {
      (quotient, rest) = (rest * 10).quotientAndRemainder(dividingBy: divisor)
      text += "\(quotient)"
      place -= 1
    }
    // A quotient that does not end is above what its digits say, which decides where they lie between two doubles.
    if rest != 0 {
      text += "1"
      place -= 1
    }
    return Double("\(text)e\(place)")
  }

  /// A double as the shortest decimal that reads back as it: digits · 10^exponent.
  private struct Decimal {
    var digits: Int128
    var exponent: Int

    init(_ value: Double) {
      let parts = value.description.split(separator: "e")
      let number = parts[0].split(separator: ".")
      let fraction = number.count > 1 && number[1] != "0" ? number[1] : ""
      digits = Int128(String(number[0] + fraction)) ?? 0
      exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
      // Zeros at the end of a large number are no digits of it.
      while digits != 0, digits % 10 == 0 {
        digits /= 10
        exponent += 1
      }
      if digits == 0 { exponent = 0 }
    }

    func scaled(to lower: Int) -> Int128 { (0..<exponent - lower).reduce(digits) { product, _ in product * 10 } }
  }
}
