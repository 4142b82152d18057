/// The features of a quadratic around a centre: 1; d and ½d² of each ordered axis; d_i d_j; and one for each other category.
///
/// d = Δu / m, the way from the centre in reaches of a step. Of a parameter that a point lacks, d is 0; that it is lacking
/// is one more category.
struct StepFeatures: Sendable {
  /// At most this many categories have a feature: those that most trials have.
  private static let mostCategories = 64
  /// Above this many ordered axes there are no products of two.
  private static let mostCrossed = 8

  /// Which terms of the quadratic there are.
  struct Terms: Sendable {
    /// Squares and products, not only the gradient.
    var hasCurvature: Bool
    /// Products of two axes.
    var hasProducts: Bool

    /// The terms for this many ordered axes.
    init(hasCurvature: Bool, ordered: Int) {
      self.hasCurvature = hasCurvature
      hasProducts = hasCurvature && ordered <= StepFeatures.mostCrossed
    }

    /// How many features there are without those of categories.
    func count(ordered: Int) -> Int {
      1 + ordered + (hasCurvature ? ordered : 0) + (hasProducts ? ordered * (ordered - 1) / 2 : 0)
    }
  }

  /// How many there are.
  let count: Int
  /// By feature: the inverse of its weight's prior variance.
  let precisions: [Double]
  /// By ordered axis: the reach of a step, in ranks.
  let reaches: [Double]
  private let mesh: StepMesh
  private let terms: Terms
  private let centre: RankedPoint
  private let nominals: [Nominal]

  /// The axes where a point may differ from the centre in kind.
  private struct Nominal: Sendable {
    let place: Int
    /// By 1 + category, with what is absent first; of an ordered axis, 0 for absent and 1 for present. −1 without a feature.
    var columns: [Int]
    let isCategory: Bool

    func kind(_ rank: Double) -> Int { rank < 0 ? 0 : isCategory ? Int(rank) + 1 : 1 }
  }

  /// The features around a centre.
  init(_ mesh: StepMesh, _ terms: Terms, around centre: RankedPoint, _ state: RunState, in log: LearningLog) {
    self.mesh = mesh
    self.terms = terms
    self.centre = centre
    reaches = mesh.ordered.map { mesh.reach($0, state) * mesh.spacing($0, state) }
    let ordered = mesh.ordered.count
    // The prior standard deviations are 10 of the constant, 1 of the gradient, 2 of squares, 0.4 of products.
    var precisions = [0.01] + [Double](repeating: 1, count: ordered)
    if terms.hasCurvature { precisions += [Double](repeating: 0.25, count: ordered) }
    if terms.hasProducts { precisions += [Double](repeating: 6.25, count: ordered * (ordered - 1) / 2) }
    nominals = Self.nominals(mesh, centre, from: precisions.count, in: log)
    let categories = nominals.reduce(0) { $0 + $1.columns.count { $0 >= 0 } }
    // 1.2 of a category.
    precisions += [Double](repeating: 0.69, count: categories)
    self.precisions = precisions
    count = precisions.count
  }

  /// Numbers the categories other than the centre's; where there are too many, those that most trials have.
  private static func nominals(
    _ mesh: StepMesh, _ centre: RankedPoint, from first: Int, in log: LearningLog
  ) -> [Nominal] {
    let axes = mesh.axes.axes
    var found = axes.indices.filter { axes[$0].isCategory && axes[$0].last > 0 || axes[$0].parent != nil }.map {
      place in
      Nominal(
        place: place, columns: [Int](repeating: 0, count: axes[place].isCategory ? Int(axes[place].count) + 1 : 2),
        isCategory: axes[place].isCategory)
    }
    var kinds: [(axis: Int, kind: Int, trials: Int)] = []
    for (axis, nominal) in found.enumerated() {
      let own = nominal.kind(centre[nominal.place])
      let isAlways = axes[nominal.place].parent == nil
      for kind in nominal.columns.indices where kind != own && !(kind == 0 && isAlways) {
        kinds.append((axis, kind, 0))
      }
      found[axis].columns = nominal.columns.map { _ in -1 }
    }
    if kinds.count > mostCategories {
      var counts = found.map { [Int](repeating: 0, count: $0.columns.count) }
      for trial in 0..<log.count {
        for (axis, nominal) in found.enumerated() {
          counts[axis][nominal.kind(log.ranks[trial * axes.count + nominal.place])] += 1
        }
      }
      for index in kinds.indices { kinds[index].trials = counts[kinds[index].axis][kinds[index].kind] }
      kinds = kinds.enumerated().sorted { ($1.element.trials, $0.offset) < ($0.element.trials, $1.offset) }
        .prefix(mostCategories).map(\.element)
    }
    for (offset, kind) in kinds.enumerated() { found[kind.axis].columns[kind.kind] = first + offset }
    return found
  }

  /// How far a point is from the centre: Σ d², and how many categories differ; the axes that differ, too.
  func distance(_ ranks: UnsafePointer<Double>) -> (square: Double, categories: Double, axes: Int) {
    var square = 0.0
    var axes = 0
    for (index, place) in mesh.ordered.enumerated() {
      let (own, rank) = (centre[place], ranks[place])
      if own < 0 || rank < 0 || own == rank { continue }
      let d = mesh.difference(place, from: own, to: rank) / reaches[index]
      square += d * d
      axes += 1
    }
    var categories = 0.0
    for nominal in nominals where nominal.kind(ranks[nominal.place]) != nominal.kind(centre[nominal.place]) {
      categories += 1
    }
    return (square, categories, axes + Int(categories))
  }

  /// Writes the features of a point, each `stride` numbers after the one before.
  func write(_ ranks: UnsafePointer<Double>, to phi: UnsafeMutablePointer<Double>, stride: Int) {
    let ordered = mesh.ordered.count
    phi[0] = 1
    for (index, place) in mesh.ordered.enumerated() {
      let rank = ranks[place]
      // Around a centre that lacks the parameter, from the middle of its axis.
      let own = centre[place] < 0 ? mesh.axes.axes[place].last / 2 : centre[place]
      let d = rank < 0 ? 0 : mesh.difference(place, from: own, to: rank) / reaches[index]
      phi[(1 + index) * stride] = d
      if terms.hasCurvature { phi[(1 + ordered + index) * stride] = 0.5 * d * d }
    }
    var next = 1 + ordered + (terms.hasCurvature ? ordered : 0)
    if terms.hasProducts {
      for i in 0..<ordered {
        for j in 0..<i {
          phi[next * stride] = phi[(1 + i) * stride] * phi[(1 + j) * stride]
          next += 1
        }
      }
    }
    while next < count {
      phi[next * stride] = 0
      next += 1
    }
    for nominal in nominals {
      let column = nominal.columns[nominal.kind(ranks[nominal.place])]
      if column >= 0 { phi[column * stride] = 1 }
    }
  }
}
