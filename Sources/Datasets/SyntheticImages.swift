/// The built-in data set: 64 × 64 colour pictures, some of an animal's head with two ears, made from a fixed seed.
///
/// Only integers and + − × ÷ on doubles are used, so that every machine makes the same bytes. The split and the class
/// balance are those of the cat pictures of the Coursera deep learning course: 72 of 209 and 33 of 50.
public enum SyntheticImages {
  /// The name it is registered under.
  public static let name = "synthetic-cats"

  /// The data set, made once and kept: first part (209, 64 · 64 · 3), second part (50, 64 · 64 · 3).
  public static let dataset = make()

  static let side = 64
  static let seed: UInt64 = 0x5EED_0CA7

  static func make() -> Dataset {
    let first = part(count: 209, cats: 72, stream: 1)
    let second = part(count: 50, cats: 33, stream: 2)
    let content = DatasetContent(
      shape: [side, side, 3], classes: ["non-cat", "cat"],
      first: Dataset.Part(pixels: first.bytes, labels: first.labels),
      second: Dataset.Part(pixels: second.bytes, labels: second.labels))
    return content.dataset(name: name, origin: "built-in")
  }

  /// One part as bytes (count, 64, 64, 3) and labels (count), `cats` of them 1, in a drawn order.
  static func part(count: Int, cats: Int, stream: UInt64) -> (bytes: [UInt8], labels: [Int32]) {
    var draw = Draw(seed: seed, stream: stream, index: 0)
    var labels = [Int32](repeating: 0, count: count)
    for i in 0..<cats { labels[i] = 1 }
    for i in stride(from: count - 1, to: 0, by: -1) {
      labels.swapAt(i, Int(draw.next() % UInt64(i + 1)))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * side * side * 3)
    for (i, label) in labels.enumerated() {
      var draw = Draw(seed: seed, stream: stream, index: UInt64(i + 1))
      var canvas = Canvas(side: side)
      paint(isCat: label == 1, on: &canvas, with: &draw)
      canvas.appendBytes(gain: draw.uniform(0.7, 1.15), noise: 0.12, to: &bytes, with: &draw)
    }
    return (bytes, labels)
  }

  private static func paint(isCat: Bool, on canvas: inout Canvas, with draw: inout Draw) {
    canvas.fill(
      base: draw.colour(0.1, 0.4), slopeX: draw.uniform(-0.2, 0.2), slopeY: draw.uniform(-0.2, 0.2))
    for _ in 0..<4 {
      let x = draw.uniform(0, 64)
      let y = draw.uniform(0, 64)
      let size = draw.uniform(4, 12)
      let colour = draw.colour(-0.25, 0.25)
      if draw.chance(0.5) {
        canvas.addEllipse(x: x, y: y, width: size, height: draw.uniform(4, 12), colour: colour)
      } else {
        canvas.addTriangle(x: x, y: y, width: size, height: draw.uniform(8, 20), colour: colour)
      }
    }
    // Both classes show one large subject; what tells them apart is the ears, and weakly the width and the tint.
    let x = 32 + draw.uniform(-6, 6)
    let y = 38 + draw.uniform(-6, 6)
    let size = draw.uniform(11, 17)
    let contrast = draw.chance(0.88) ? draw.uniform(0.2, 0.5) : draw.uniform(-0.3, -0.1)
    let tint = draw.colour(-0.12, 0.12)
    let warmth = isCat ? 1.0 : 0
    let fur = (contrast + tint.red + 0.13 * warmth, contrast + tint.green, contrast + tint.blue - 0.1 * warmth)
    if isCat {
      canvas.addEllipse(x: x, y: y, width: size, height: size * draw.uniform(0.75, 1), colour: fur)
      let spread = size * draw.uniform(0.5, 0.75)
      let height = size * draw.uniform(1.1, 1.7)
      let width = size * draw.uniform(0.35, 0.55)
      canvas.addTriangle(x: x - spread, y: y - size * 0.45, width: width, height: height, colour: fur)
      canvas.addTriangle(x: x + spread, y: y - size * 0.45, width: width, height: height, colour: fur)
    } else {
      canvas.addEllipse(
        x: x, y: y, width: size * draw.uniform(0.8, 1.5), height: size * draw.uniform(0.6, 1.1), colour: fur)
      // A hat in the middle or a single ear, so that brightness above the subject alone decides nothing.
      if draw.chance(0.6) {
        canvas.addTriangle(
          x: x + size * draw.uniform(-0.6, 0.6), y: y - size * 0.45, width: size * draw.uniform(0.35, 0.8),
          height: size * draw.uniform(0.8, 1.7), colour: fur)
      }
    }
  }
}
