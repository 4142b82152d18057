/// A colour, or a change of one: fractions of full brightness.
typealias Colour = (red: Double, green: Double, blue: Double)

/// Draws that are a function of (seed, stream, index) and their order (SplitMix64, Steele et al. 2014).
struct Draw {
  private var state: UInt64

  init(seed: UInt64, stream: UInt64, index: UInt64) {
    state = Draw.mix(Draw.mix(seed &+ stream &* 0x9E37_79B9_7F4A_7C15) &+ index)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }

  mutating func next() -> UInt64 {
    state = state &+ 0x9E37_79B9_7F4A_7C15
    return Draw.mix(state)
  }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * (Double(next() &>> 11) * 0x1p-53)
  }

  mutating func chance(_ probability: Double) -> Bool { uniform(0, 1) < probability }

  mutating func colour(_ low: Double, _ high: Double) -> Colour {
    (uniform(low, high), uniform(low, high), uniform(low, high))
  }
}

/// A square picture in doubles, (side, side, 3), to which shapes add light.
struct Canvas {
  let side: Int
  private var light: [Double]

  init(side: Int) {
    self.side = side
    light = [Double](repeating: 0, count: side * side * 3)
  }

  /// A plain colour under a linear slope, which is 0 in the middle.
  mutating func fill(base: Colour, slopeX: Double, slopeY: Double) {
    let scale = 1 / Double(side)
    for y in 0..<side {
      for x in 0..<side {
        let slope = slopeX * (Double(x) * scale - 0.5) + slopeY * (Double(y) * scale - 0.5)
        let at = (y * side + x) * 3
        light[at] = base.red + slope
        light[at + 1] = base.green + slope
        light[at + 2] = base.blue + slope
      }
    }
  }

  /// An ellipse around (x, y) with half-axes `width` and `height`, in pixels.
  mutating func addEllipse(x: Double, y: Double, width: Double, height: Double, colour: Colour) {
    for row in rows(from: y - height, to: y + height) {
      let v = (Double(row) - y) / height
      for column in rows(from: x - width, to: x + width) {
        let u = (Double(column) - x) / width
        if u * u + v * v <= 1 { add(colour, column, row) }
      }
    }
  }

  /// A triangle on a base of half-width `width` around (x, y), `height` tall, in pixels.
  mutating func addTriangle(x: Double, y: Double, width: Double, height: Double, colour: Colour) {
    for row in rows(from: y - height, to: y) {
      let half = width * (1 - (y - Double(row)) / height)
      for column in rows(from: x - half, to: x + half) { add(colour, column, row) }
    }
  }

  /// Appends the picture's bytes: light times gain plus triangular noise of half-width `noise`, in 256 levels.
  func appendBytes(gain: Double, noise: Double, to bytes: inout [UInt8], with draw: inout Draw) {
    let step = noise / 255
    var i = 0
    while i < light.count {
      var bits = draw.next()
      for _ in 0..<3 {
        let sum = Double(bits & 255) + Double((bits &>> 8) & 255) - 255
        bits = bits &>> 16
        let level = (light[i] * gain + sum * step) * 255 + 0.5
        bytes.append(level <= 0 ? 0 : level >= 255 ? 255 : UInt8(level))
        i += 1
      }
    }
  }

  private mutating func add(_ colour: Colour, _ column: Int, _ row: Int) {
    let at = (row * side + column) * 3
    light[at] += colour.red
    light[at + 1] += colour.green
    light[at + 2] += colour.blue
  }

  /// The whole numbers from `low` to `high` that lie on the canvas.
  private func rows(from low: Double, to high: Double) -> Range<Int> {
    let start = max(0, Int(low.rounded(.up)))
    return start..<max(start, min(side, Int(high.rounded(.down)) + 1))
  }
}
