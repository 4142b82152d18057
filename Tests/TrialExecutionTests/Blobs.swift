import Datasets
import Foundation

extension Dataset {
  /// Forty examples of five features in two classes, and sixteen more: enough to train on in no time.
  static let blobs: Dataset = {
    func part(_ count: Int, _ shift: Int) -> Dataset.Part {
      Dataset.Part(
        features: (0..<count * 5).map { Float(sin(Double(($0 + shift) * ($0 / 5 % 2 == 0 ? 7 : 3)))) },
        labels: (0..<count).map { Int32($0 % 2) })
    }
    return Dataset(
      name: "blobs", shape: [5], classes: ["0", "1"], first: part(40, 0), second: part(16, 999), sha256: "blobs",
      origin: "test")
  }()
}
