/// The weights of trials around a centre: exp(−½ Σ (d / g)² − ½ · categories that differ).
///
/// g begins at ½ and grows by a quarter until the weights say as much as some whole trials, or most trials count.
struct SmoothingWeights: Sendable {
  private static let width = 0.5
  private static let growth = 1.25
  private static let mostGrowths = 12
  private static let mostTrials = 0.8

  /// Σ d² of each trial, and how many categories differ.
  private let squares: [Double]
  private let categories: [Double]
  private var growths = 0
  private(set) var width = Self.width
  /// The weights of the width.
  private(set) var weights: [Double] = []
  private var total = 0.0

  /// The trials that were told; `isNarrow`: those on the axes through the centre alone.
  init(_ features: StepFeatures, isNarrow: Bool, in log: LearningLog) {
    var squares: [Double] = []
    var categories: [Double] = []
    squares.reserveCapacity(log.told)
    categories.reserveCapacity(log.told)
    let stride = log.axes.count
    log.ranks.withUnsafeBufferPointer { ranks in
      for trial in 0..<log.told {
        let distance = features.distance(ranks.baseAddress! + trial * stride)
        squares.append(isNarrow && distance.axes > 1 ? .infinity : distance.square)
        categories.append(distance.categories)
      }
    }
    self.squares = squares
    self.categories = categories
    weigh()
  }

  /// Widens until the weights add up to `trials`, or to four fifths of all trials; whether that changed anything.
  mutating func widen(to trials: Double) -> Bool {
    let before = growths
    while !(total >= trials || total >= Self.mostTrials * Double(squares.count)), growths < Self.mostGrowths {
      growths += 1
      width *= Self.growth
      weigh()
    }
    return growths > before
  }

  private mutating func weigh() {
    let scale = -0.5 / (width * width)
    var total = 0.0
    weights = squares.indices.map { trial in
      let exponent = scale * squares[trial] - 0.5 * categories[trial]
      // Less than 10⁻¹⁷ of a trial changes no sum.
      let weight = exponent < -40 ? 0 : PlainMath.exp(exponent)
      total += weight
      return weight
    }
    self.total = total
  }
}
