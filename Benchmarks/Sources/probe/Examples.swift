import Datasets
import Foundation
import NumericKernels

/// The data that is trained on, the same for Cairn and its peers.
enum Examples {
  /// The course's cat images from `--data FOLDER`, or the built-in ones where they are not there.
  static func cats(_ options: Options) throws -> Dataset {
    let folder = options.text("data")
    let catalogue = DatasetCatalogue(folder: folder.isEmpty ? nil : folder)
    return (try? catalogue.dataset(named: "cat-vs-noncat")) ?? SyntheticImages.dataset
  }

  /// Images like MNIST's: 28 × 28 pixels of ten classes, drawn by a seed, about a fifth of them not black.
  static func digits(_ count: Int) -> Dataset {
    let draw = KeyedDraw(seed: 28, stream: 10)
    func part(_ range: Range<Int>) -> Dataset.Part {
      var pixels: [UInt8] = []
      pixels.reserveCapacity(range.count * 784)
      for example in range {
        for pixel in 0..<784 {
          let own = draw.words(UInt32(example), UInt32(pixel), 0, 0)[0]
          let shared = draw.words(UInt32(example % 10), UInt32(pixel), 1, 0)[0]
          // A class has pixels of its own, which an example shows three times of four.
          let isInk = shared % 5 == 0 ? own % 4 != 0 : own % 16 == 0
          pixels.append(isInk ? UInt8(truncatingIfNeeded: 64 + (own >> 8) % 192) : 0)
        }
      }
      return Dataset.Part(pixels: pixels, labels: range.map { Int32($0 % 10) })
    }
    return Dataset(
      name: "digits", shape: [28, 28], classes: (0..<10).map(String.init), first: part(0..<count),
      second: part(count..<count + 64), sha256: "digits-\(count)", origin: "made")
  }

  /// Writes the first part as `features.f32` (N, D) and `labels.i32` (N) into `--out FOLDER`; `--set cats|digits`.
  static func export(_ options: Options) throws -> [String: Any] {
    let dataset = options.text("set") == "digits" ? digits(options.integer("images", 10_000)) : try cats(options)
    let folder = URL(fileURLWithPath: options.text("out"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var row: [Float] = []
    dataset.first.features.read(0..<dataset.first.count * dataset.features, into: &row)
    try row.withUnsafeBytes { try Data($0).write(to: folder.appendingPathComponent("features.f32")) }
    try dataset.first.labels.withUnsafeBytes { try Data($0).write(to: folder.appendingPathComponent("labels.i32")) }
    return [
      "name": dataset.name, "examples": dataset.first.count, "features": dataset.features,
      "classes": dataset.classes.count,
    ]
  }
}
