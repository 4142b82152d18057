/// The belief that the inside of a space is better than its edges: weight · std(z) · mean over ordered axes of
/// (2u / (k − 1) − 1)². Models see losses without it, and predictions get it back.
struct InnerBowl: Sendable {
  /// The weight of the belief.
  static let usual = 0.4

  private let mesh: StepMesh
  private let scale: Double

  /// The bowl for flattened losses.
  init(_ mesh: StepMesh, weight: Double, _ z: [Double]) {
    self.mesh = mesh
    var mean = 0.0
    for value in z { mean += value }
    mean /= Double(max(z.count, 1))
    var square = 0.0
    for value in z { square += (value - mean) * (value - mean) }
    scale = weight * (square / Double(max(z.count, 1))).squareRoot()
  }

  /// How much worse a point is believed to be.
  func height(of point: RankedPoint) -> Double { height(point.ranks) }

  /// The flattened losses of a log without the bowl.
  func without(_ z: [Double], in log: LearningLog) -> [Double] {
    scale == 0 ? z : z.enumerated().map { $0.element - height(log.ranks(of: $0.offset)) }
  }

  private func height(_ ranks: some RandomAccessCollection<Double>) -> Double {
    if scale == 0 || mesh.ordered.isEmpty { return 0 }
    return scale * mesh.axes.squaredSides(of: ranks) / Double(mesh.ordered.count)
  }
}
