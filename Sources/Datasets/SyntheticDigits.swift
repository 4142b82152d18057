/// A built-in data set: 28 × 28 grey pictures of the ten digits, drawn as strokes from a fixed seed.
///
/// Only integers and + − × ÷ √ on doubles are used, so that every machine makes the same bytes. Each picture turns, slants,
/// stretches and bends its digit, breaks its strokes, and has two strokes that belong to no digit, and noise.
public enum SyntheticDigits {
  /// The name it is registered under.
  public static let name = "synthetic-digits"

  /// The data set, made once and kept: first part (2000, 28 · 28), second part (1000, 28 · 28).
  public static let dataset = make()

  static let side = 28
  static let seed: UInt64 = 0x5EED_D161

  static func make() -> Dataset {
    let first = part(count: 2000, stream: 1)
    let second = part(count: 1000, stream: 2)
    let content = DatasetContent(
      shape: [side, side], classes: (0..<10).map(String.init),
      first: Dataset.Part(pixels: first.bytes, labels: first.labels),
      second: Dataset.Part(pixels: second.bytes, labels: second.labels))
    return content.dataset(name: name, origin: "built-in")
  }

  /// One part as bytes (count, 28, 28) and labels (count), as many of each digit as of any other, in a drawn order.
  static func part(count: Int, stream: UInt64) -> (bytes: [UInt8], labels: [Int32]) {
    var order = Draw(seed: seed, stream: stream, index: 0)
    var labels = (0..<count).map { Int32($0 % 10) }
    for i in stride(from: count - 1, to: 0, by: -1) { labels.swapAt(i, Int(order.next() % UInt64(i + 1))) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * side * side)
    for (index, label) in labels.enumerated() {
      var draw = Draw(seed: seed, stream: stream, index: UInt64(index + 1))
      var sheet = Sheet(side: side)
      paint(Int(label), on: &sheet, with: &draw)
      sheet.appendBytes(noise: 0.25, to: &bytes, with: &draw)
    }
    return (bytes, labels)
  }

  private typealias Place = (x: Double, y: Double)

  /// The strokes of each digit in a unit square, y downwards.
  private static let strokes: [[[Place]]] = [
    [[(0.5, 0), (0.2, 0.15), (0.1, 0.5), (0.2, 0.85), (0.5, 1), (0.8, 0.85), (0.9, 0.5), (0.8, 0.15), (0.5, 0)]],
    [[(0.3, 0.2), (0.55, 0), (0.55, 0.5), (0.55, 1)]],
    [[(0.1, 0.2), (0.4, 0), (0.8, 0.1), (0.85, 0.35), (0.5, 0.65), (0.1, 1), (0.5, 1), (0.9, 1)]],
    [
      [
        (0.15, 0.05), (0.55, 0), (0.85, 0.2), (0.7, 0.42), (0.4, 0.48), (0.8, 0.58), (0.85, 0.82), (0.5, 1),
        (0.1, 0.92),
      ]
    ],
    [[(0.65, 1), (0.65, 0.5), (0.65, 0), (0.35, 0.35), (0.05, 0.68), (0.5, 0.68), (0.95, 0.68)]],
    [[(0.85, 0), (0.25, 0), (0.2, 0.42), (0.6, 0.4), (0.88, 0.65), (0.7, 0.95), (0.4, 1), (0.1, 0.9)]],
    [[(0.7, 0), (0.3, 0.3), (0.12, 0.65), (0.3, 0.98), (0.7, 0.98), (0.88, 0.72), (0.6, 0.5), (0.2, 0.6)]],
    [[(0.1, 0), (0.5, 0), (0.9, 0), (0.65, 0.45), (0.4, 1)]],
    [
      [(0.5, 0.48), (0.2, 0.3), (0.25, 0.06), (0.5, 0), (0.75, 0.06), (0.8, 0.3), (0.5, 0.48)],
      [(0.5, 0.48), (0.12, 0.7), (0.25, 0.97), (0.5, 1), (0.75, 0.97), (0.88, 0.7), (0.5, 0.48)],
    ],
    [[(0.8, 0.4), (0.4, 0.5), (0.12, 0.28), (0.3, 0.02), (0.7, 0.02), (0.85, 0.3), (0.75, 0.7), (0.5, 1)]],
  ]

  private static func paint(_ digit: Int, on sheet: inout Sheet, with draw: inout Draw) {
    let (centreX, centreY) = (13.5 + draw.uniform(-3, 3), 13.5 + draw.uniform(-3, 3))
    let (width, height) = (draw.uniform(7, 14), draw.uniform(13, 20))
    // A turn by the angle whose half has this tangent: at most 20 degrees either way.
    let half = draw.uniform(-0.18, 0.18)
    let (cosine, sine) = ((1 - half * half) / (1 + half * half), 2 * half / (1 + half * half))
    let slant = draw.uniform(-0.35, 0.35)
    let pen = draw.uniform(0.6, 1.4)
    let ink = draw.uniform(0.55, 1)
    for stroke in strokes[digit] {
      let bent = stroke.map { place -> Place in
        let u = (place.x - 0.5 + draw.uniform(-0.08, 0.08)) * width
        let v = (place.y - 0.5 + draw.uniform(-0.05, 0.05)) * height
        let slanted = u - slant * v
        return (centreX + slanted * cosine - v * sine, centreY + slanted * sine + v * cosine)
      }
      for (from, to) in zip(bent, bent.dropFirst()) {
        // The pen leaves the paper now and then.
        if draw.chance(0.06) { continue }
        sheet.addStroke(from: from, to: to, pen: pen, ink: ink * draw.uniform(0.75, 1))
      }
    }
    for _ in 0..<2 {
      let from = (draw.uniform(0, 28), draw.uniform(0, 28))
      let to = (from.0 + draw.uniform(-7, 7), from.1 + draw.uniform(-7, 7))
      sheet.addStroke(from: from, to: to, pen: draw.uniform(0.4, 1), ink: draw.uniform(0.3, 0.9))
    }
  }

  /// A square sheet of paper that takes ink: 0 is blank, 1 is full.
  private struct Sheet {
    let side: Int
    private var light: [Double]

    init(side: Int) {
      self.side = side
      light = [Double](repeating: 0, count: side * side)
    }

    /// A straight stroke with round ends, `pen` its half-width in pixels; where it meets another, the darker ink stays.
    mutating func addStroke(from: Place, to: Place, pen: Double, ink: Double) {
      let (dx, dy) = (to.x - from.x, to.y - from.y)
      let length = dx * dx + dy * dy
      let reach = pen + 1
      for row in whole(min(from.y, to.y) - reach, max(from.y, to.y) + reach) {
        for column in whole(min(from.x, to.x) - reach, max(from.x, to.x) + reach) {
          let (px, py) = (Double(column) - from.x, Double(row) - from.y)
          let share = length > 0 ? max(0, min(1, (px * dx + py * dy) / length)) : 0
          let (ox, oy) = (px - share * dx, py - share * dy)
          let covered = pen + 0.5 - (ox * ox + oy * oy).squareRoot()
          let value = ink * max(0, min(1, covered))
          light[row * side + column] = max(light[row * side + column], value)
        }
      }
    }

    /// Appends the sheet's bytes, with triangular noise of half-width `noise`.
    func appendBytes(noise: Double, to bytes: inout [UInt8], with draw: inout Draw) {
      let step = noise / 255
      for value in light {
        let bits = draw.next()
        let sum = Double(bits & 255) + Double((bits &>> 8) & 255) - 255
        let level = (value + sum * step) * 255 + 0.5
        bytes.append(level <= 0 ? 0 : level >= 255 ? 255 : UInt8(level))
      }
    }

    /// The whole numbers from `low` to `high` that lie on the sheet.
    private func whole(_ low: Double, _ high: Double) -> Range<Int> {
      let start = max(0, Int(low.rounded(.up)))
      return start..<max(start, min(side, Int(high.rounded(.down)) + 1))
    }
  }
}
