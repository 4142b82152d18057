import SearchSpace

/// A density over the points of a space, estimated from some of them: of each a product of kernels, and one even part.
///
/// p(x) = (1 + Σᵢ Πⱼ kⱼ Kⱼ(xⱼ, xᵢⱼ)) / (n + 1), relative to the even density, which is 1 everywhere: kⱼ is the number of
/// levels. Kⱼ is a normal density on ranks, made to sum to 1 over the axis; of a category 1 − λ for its own value and
/// λ / (k − 1) for each other (Aitchison and Aitken 1976, doi:10.1093/biomet/63.3.413). A parameter that one of the two
/// points lacks adds the factor 1.
struct ParzenDensity: Sendable {
  /// The kernel of one axis.
  private struct Kernel: Sendable {
    /// How many places the axis has: its levels, or `mostPlaces`.
    let count: Int
    /// Ranks to places.
    let scale: Double
    /// Whether only equal and different places are told apart.
    let isCategory: Bool
    /// By distance in places: k · e^(−½ (distance / bandwidth)²); of a category its two factors.
    let weights: [Double]
    /// By distance: Σ e^(−½ (distance / bandwidth)²) up to it; empty for a category.
    let sums: [Double]

    /// The kernel of a category's axis.
    init(categories: Int, trials: Int) {
      count = categories
      scale = 1
      isCategory = true
      let other = 1 / Double(trials + categories)
      weights = [Double(categories) * (1 - Double(categories - 1) * other), Double(categories) * other]
      sums = []
    }

    /// The kernel of an ordered axis; `bandwidth` in ranks.
    init(levels: Double, bandwidth: Double, widening: Double) {
      let size = Int(min(levels, Double(ParzenDensity.mostPlaces)))
      count = size
      scale = levels > 1 ? Double(size - 1) / (levels - 1) : 1
      isCategory = false
      let width = widening * max(bandwidth * scale, 0.5)
      let bell = (0..<size).map { distance in
        let share = Double(distance) / width
        return PlainMath.exp(-0.5 * share * share)
      }
      weights = bell.map { Double(size) * $0 }
      var sums: [Double] = []
      for weight in bell { sums.append((sums.last ?? 0) + weight) }
      self.sums = sums
    }

    /// The place of a rank, the nearest one.
    func place(of rank: Double) -> Int { min(max(Int((rank * scale).rounded()), 0), count - 1) }

    /// The sum of a centre's bell over the axis; 1 for a category, whose factors sum to k by themselves.
    func sum(around centre: Int) -> Double {
      isCategory ? 1 : sums[centre] + sums[count - 1 - centre] - sums[0]
    }

    /// The relative weight of a place before the division by its centre's sum.
    func weight(_ place: Int, around centre: Int) -> Double {
      let distance = abs(place - centre)
      return weights[isCategory ? min(distance, 1) : distance]
    }

    /// The place at a share of a centre's sum, from 0 up to but not 1.
    func place(at share: Double, around centre: Int) -> Int {
      guard !isCategory else {
        let own = weights[0] / Double(count)
        if share < own || count == 1 { return centre }
        let other = min(Int((share - own) / (1 - own) * Double(count - 1)), count - 2)
        return (centre + 1 + other) % count
      }
      let target = share * sum(around: centre)
      var (low, high) = (0, count - 1)
      while low < high {
        let middle = (low + high) / 2
        let upTo =
          middle < centre
          ? sums[centre] - sums[centre - middle - 1] : sums[centre] + sums[middle - centre] - sums[0]
        if upTo > target { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }

  /// An axis with more levels is seen through this many places.
  static let mostPlaces = 1025
  /// A product of kernels over very many axes is cut here, so that sums and ratios are finite.
  private static let largest = 1e300

  private let axes: AxisRanks
  private let kernels: [Kernel]
  /// The places of the points' ranks, point after point; −1 where a parameter is absent.
  private let places: [Int32]
  /// By point and axis: 1 / the sum of the centre's weights over the axis.
  private let norms: [Double]
  /// How many points there are.
  let count: Int

  /// Estimates from some trials of a log. O(axes · (trials + places)).
  ///
  /// The bandwidth of an ordered axis is the normal reference rule's, 1.06 σ n^(−1/(4 + d)), at least half a place, and
  /// that times `widening`; n is the number of trials, d that of axes. λ = (k − 1) / (n + k).
  init(_ trials: [Int], of log: LearningLog, widening: Double = 1) {
    axes = log.axes
    count = trials.count
    let rate = PlainMath.exp(-PlainMath.log(Double(max(trials.count, 1))) / Double(4 + axes.count))
    let points = trials.map { Array(log.ranks(of: $0)) }
    kernels = axes.axes.enumerated().map { place, axis in
      if axis.isCategory { return Kernel(categories: Int(axis.count), trials: trials.count) }
      let ranks = points.lazy.map { $0[place] }.filter { $0 >= 0 }
      return Kernel(levels: axis.count, bandwidth: 1.06 * Self.deviation(ranks) * rate, widening: widening)
    }
    var places: [Int32] = []
    var norms: [Double] = []
    for point in points {
      for (kernel, rank) in zip(kernels, point) {
        places.append(rank < 0 ? -1 : Int32(kernel.place(of: rank)))
        norms.append(rank < 0 ? 1 : 1 / kernel.sum(around: kernel.place(of: rank)))
      }
    }
    self.places = places
    self.norms = norms
  }

  /// √(Σ (x − mean)² / (n − 1)); 0 where there are fewer than two.
  private static func deviation(_ values: some Sequence<Double>) -> Double {
    let values = Array(values)
    guard values.count > 1 else { return 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// The density at a point, where the even one is 1. O(points · axes).
  func callAsFunction(_ point: RankedPoint) -> Double {
    let own = zip(kernels, point.ranks).map { kernel, rank in rank < 0 ? -1 : kernel.place(of: rank) }
    var total = 1.0
    for index in 0..<count {
      var product = 1.0
      for axis in own.indices {
        let centre = Int(places[index * own.count + axis])
        if centre < 0 || own[axis] < 0 { continue }
        product *= kernels[axis].weight(own[axis], around: centre) * norms[index * own.count + axis]
      }
      total += min(product, Self.largest)
    }
    return total / Double(count + 1)
  }

  /// A draw: of one of the points' kernels, or of the even part, each as likely. The ranks are integers.
  func draw(_ stream: inout SearchStream) -> RankedPoint {
    let index = stream.integer(below: count + 1)
    return axes.point { axis in
      let kernel = kernels[axis]
      let centre = index < count ? Int(places[index * kernels.count + axis]) : -1
      let share = stream.uniform()
      let place =
        centre < 0
        ? min(Int(share * Double(kernel.count)), kernel.count - 1) : kernel.place(at: share, around: centre)
      // Where a place is many levels, one of them.
      guard kernel.scale < 1 else { return Double(place) }
      return min(max(((Double(place) + stream.uniform() - 0.5) / kernel.scale).rounded(), 0), axes.axes[axis].last)
    }
  }
}
