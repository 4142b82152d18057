/// What a network scores on some examples.
public struct NetworkScore: Sendable, Hashable {
  /// Fraction right.
  public var accuracy: Double
  /// Mean natural-log cross-entropy.
  public var loss: Double
}

extension TrainedNetwork {
  /// Scores examples, in double precision; nil for none. O(examples · `logits`).
  func score(_ examples: TrainingExamples) -> NetworkScore? {
    guard !examples.places.isEmpty else { return nil }
    let labels = (examples.dataset.first.labels + (examples.dataset.second?.labels ?? [])).map(Int.init)
    var (loss, right) = (0.0, 0)
    examples.forEach { k, features in
      let (logits, label) = (logits(of: Array(features)), labels[examples.places[k]])
      loss += Self.loss(of: logits, label: label)
      if logits.count == 1 {
        right += (logits[0] > 0) == (label == 1) ? 1 : 0
      } else {
        right += logits.firstIndex(of: logits.max() ?? 0) == label ? 1 : 0
      }
    }
    let count = Double(examples.places.count)
    return NetworkScore(accuracy: Double(right) / count, loss: loss / count)
  }
}
