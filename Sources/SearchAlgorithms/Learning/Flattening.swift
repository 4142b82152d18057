import NumericKernels
import SearchSpace

/// The losses of a log on a scale that a model can follow: z = ln(1 + (y − b) / s).
///
/// b is the least, s the distance of the lower quartile from it; where that is 0, a quarter of the whole spread, else 1.
struct Flattening: Sendable {
  /// By trial that was told: its flattened loss; 0 throughout where no trial completed.
  let values: [Double]
  /// s.
  let spread: Double

  /// Flattens losses.
  init(_ losses: [Double]) {
    guard let low = losses.min(), let high = losses.max() else {
      values = []
      spread = 1
      return
    }
    var spread = losses.smallest(at: Int(0.25 * Double(losses.count - 1))) - low
    if spread <= 0 { spread = (high - low) / 4 }
    if spread <= 0 { spread = 1 }
    self.spread = spread
    values = losses.map { PlainMath.log(1 + ($0 - low) / spread) }
  }

  /// Flattens what is told in a log.
  init(_ log: LearningLog) { self.init(log.modelLosses) }
}

extension LearningLog {
  /// Losses are cut to this size before a model sees them.
  private static let largest = 1e300 / 4

  /// By trial that was told, the loss that a model is to see. O(told · log told).
  ///
  /// Of a completed trial y + δ · rank / (told + 1), where δ is half the least difference between two losses and rank how
  /// many ties are smaller; without a value the worst of these; of a pruned one the worse of its last loss and the median
  /// of the completed. All are 0 where none completed.
  var modelLosses: [Double] {
    guard let median = sortedLosses.isEmpty ? nil : sortedLosses[sortedLosses.count / 2] else {
      return [Double](repeating: 0, count: told)
    }
    let half = tieStep
    var worst = -Double.infinity
    var losses = outcomes.map { outcome -> Double in
      guard case .loss(let loss, let tie) = outcome else { return .nan }
      let rank = tie.map { sortedTies.insertionPlace(of: $0) } ?? sortedTies.count
      let whole = sortedTies.isEmpty ? loss : loss + half * Double(rank) / Double(told + 1)
      let cut = min(max(whole, -Self.largest), Self.largest)
      worst = max(worst, cut)
      return cut
    }
    for (index, outcome) in outcomes.enumerated() {
      switch outcome {
      case .loss: break
      case .pruned(let last?): losses[index] = min(max(max(last, median), -Self.largest), Self.largest)
      case .pruned(nil), .none: losses[index] = worst
      }
    }
    return losses
  }

  /// Half the least positive difference between completed losses; 1 where there is none.
  private var tieStep: Double {
    if sortedTies.isEmpty { return 0 }
    var least = Double.infinity
    for (low, high) in zip(sortedLosses, sortedLosses.dropFirst()) where high > low { least = min(least, high - low) }
    return least.isFinite ? least / 2 : 1
  }
}

extension [Double] {
  /// The element that sorting would put at a place (Hoare 1961, doi:10.1145/366622.366647). O(count) on average.
  func smallest(at place: Int) -> Double {
    var part = self
    var (low, high) = (0, count - 1)
    while low < high {
      let pivot = part[low + (high - low) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while part[left] < pivot { left += 1 }
        while part[right] > pivot { right -= 1 }
        if left <= right {
          part.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if place <= right {
        high = right
      } else if place >= left {
        low = left
      } else {
        break
      }
    }
    return part[place]
  }
}
