import NumericKernels

/// The first layer trained in the space of the examples.
///
/// By gradient descent its weights stay at W = a · W₀ − S · Xᵀ, so W · X = a · W₀X − S · XᵀX: one product with the
/// examples' Gram matrix, (units, N) · (N, N), takes the place of two with all features. Exact for full and mini-batches,
/// momentum and weight decay; not for Adam, whose steps leave that space.
///
/// The Gram matrix is that of the centred examples. What the mean μ adds, Σₖ Sₖ (pₖ + μ·μ) and pⱼ Σₖ Sₖ with pₖ = (xₖ − μ)·μ,
/// is kept in double precision beside it: in single precision the raw matrix's first eigenvalue would drown the rest.
final class GramFirstLayer<Scalar: KernelScalar>: FirstLayer {
  private let fold: GramFold<Scalar>
  private let settings: Hyperparameters
  private let units: Int
  private let start: GramStart<Scalar>
  /// S and, with momentum, its velocity: (units, padded N).
  private let sums: NumberBuffer<Scalar>
  private let velocity: NumberBuffer<Scalar>?
  /// a and its velocity.
  private var share = 1.0
  private var shareVelocity = 0.0
  /// For each unit Σₖ Sₖ and Σₖ Sₖ pₖ, and their velocities.
  private var means: [MeanTerms]
  private var batch: NumberBuffer<Scalar>?
  private var chosen: [Int]?

  private struct MeanTerms {
    var sum = 0.0
    var projection = 0.0
    var sumVelocity = 0.0
    var projectionVelocity = 0.0
  }

  init(_ settings: Hyperparameters, _ fold: GramFold<Scalar>, start: GramStart<Scalar>) {
    self.settings = settings
    self.fold = fold
    self.start = start
    units = start.units
    sums = NumberBuffer(units * fold.stride)
    velocity = settings.momentum > 0 ? NumberBuffer(units * fold.stride) : nil
    means = Array(repeating: MeanTerms(), count: units)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func project(_ chosen: ArraySlice<Int>?, into out: UnsafeMutablePointer<Scalar>, stride: Int) {
    self.chosen = chosen.map(Array.init)
    guard let chosen = self.chosen else {
      multiply(fold.training.base, width: fold.count, into: out, stride: stride)
      return finish(start.training.base, start.trainingStride, fold.projections, fold.count, out, stride)
    }
    let lanes = Scalar.Lanes.scalarCount
    let size = fold.count * padded(chosen.count, Scalar.self)
    let batch = self.batch.flatMap { $0.count == size ? $0 : nil } ?? NumberBuffer<Scalar>(size)
    self.batch = batch
    // The matrix is symmetric: a column is a row, whose numbers lie one row step apart in its panel.
    for (place, example) in chosen.enumerated() {
      let source = fold.training.base + example / lanes * fold.count * lanes + example % lanes
      let target = batch.base + place / lanes * fold.count * lanes + place % lanes
      for k in 0..<fold.count { target[k * lanes] = source[k * lanes] }
    }
    multiply(batch.base, width: chosen.count, into: out, stride: stride)
    for unit in 0..<units {
      let terms = constants(unit)
      let first = start.training.base + unit * start.trainingStride
      let row = out + unit * stride
      for (place, example) in chosen.enumerated() {
        row[place] = terms.share * first[example] - row[place] - (terms.level + terms.slope * fold.projections[example])
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func projectValidation(into out: UnsafeMutablePointer<Scalar>, stride: Int) {
    multiply(fold.validation.base, width: fold.validationCount, into: out, stride: stride)
    finish(
      start.validation.base, start.validationStride, fold.validationProjections, fold.validationCount, out, stride)
  }

  private func multiply(
    _ matrix: UnsafePointer<Scalar>, width: Int, into out: UnsafeMutablePointer<Scalar>, stride: Int
  ) {
    let lanes = Scalar.Lanes.scalarCount
    Product.multiply(
      StridedView(base: sums.base, rowStride: fold.stride, columnStride: 1),
      PanelView(base: matrix, rowStride: lanes, panelStride: fold.count * lanes), into: out, outStride: stride,
      rows: units, depth: fold.count, width: width)
  }

  /// What a unit's row still lacks: the start's share, a level for all examples and a slope by their projections.
  private func constants(_ unit: Int) -> (share: Scalar, level: Scalar, slope: Scalar) {
    let mean = means[unit]
    return (Scalar(share), Scalar(mean.projection + fold.meanSquare * mean.sum), Scalar(mean.sum))
  }

  private func finish(
    _ first: UnsafePointer<Scalar>, _ firstStride: Int, _ projections: [Scalar], _ count: Int,
    _ out: UnsafeMutablePointer<Scalar>, _ stride: Int
  ) {
    projections.withUnsafeBufferPointer { projections in
      for unit in 0..<units {
        let terms = constants(unit)
        let (source, row) = (first + unit * firstStride, out + unit * stride)
        for example in 0..<count {
          row[example] =
            terms.share * source[example] - row[example] - (terms.level + terms.slope * projections[example])
        }
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func learn(from deltas: UnsafePointer<Scalar>, stride: Int) {
    let (rate, decay) = (settings.learningRate, settings.weightDecay)
    shareVelocity = settings.momentum * shareVelocity + decay * share
    share -= rate * shareVelocity
    for unit in 0..<units {
      let row = deltas + unit * stride
      let (sum, projection) = meanSlopes(row)
      var mean = means[unit]
      mean.sumVelocity = settings.momentum * mean.sumVelocity + (sum - decay * mean.sum)
      mean.projectionVelocity = settings.momentum * mean.projectionVelocity + (projection - decay * mean.projection)
      mean.sum += rate * mean.sumVelocity
      mean.projection += rate * mean.projectionVelocity
      means[unit] = mean
      step(unit, row)
    }
  }

  /// Σₖ dₖ and Σₖ dₖ pₖ of a row of deltas, in double precision, by eight lanes and one tree.
  private func meanSlopes(_ row: UnsafePointer<Scalar>) -> (sum: Double, projection: Double) {
    var sums = SIMD8<Double>.zero
    var projections = SIMD8<Double>.zero
    if let chosen {
      for (place, example) in chosen.enumerated() {
        sums[place % 8] += Double(row[place])
        projections[place % 8] += Double(row[place]) * fold.doubleProjections[example]
      }
    } else {
      fold.doubleProjections.withUnsafeBufferPointer { p in
        // Both are padded with zeros to whole lanes.
        for base in stride(from: 0, to: fold.stride, by: 8) {
          var values = SIMD8<Double>.zero
          var factors = SIMD8<Double>.zero
          for lane in 0..<8 {
            values[lane] = Double(row[base + lane])
            factors[lane] = p[base + lane]
          }
          sums += values
          projections += values * factors
        }
      }
    }
    return (Reduction.tree(sums), Reduction.tree(projections))
  }

  private func step(_ unit: Int, _ row: UnsafePointer<Scalar>) {
    let width = fold.stride
    let sums = sums.base + unit * width
    let (rate, decay, momentum) = (
      Scalar(settings.learningRate), Scalar(settings.weightDecay), Scalar(settings.momentum)
    )
    if let velocity = velocity.map({ $0.base + unit * width }) {
      for k in 0..<width { velocity[k] = velocity[k] * momentum - sums[k] * decay }
      if let chosen {
        for (place, example) in chosen.enumerated() { velocity[example] += row[place] }
      } else {
        for k in 0..<width { velocity[k] += row[k] }
      }
      for k in 0..<width { sums[k] += velocity[k] * rate }
    } else {
      if decay != 0 { for k in 0..<width { sums[k] -= sums[k] * decay * rate } }
      if let chosen {
        for (place, example) in chosen.enumerated() { sums[example] += row[place] * rate }
      } else {
        for k in 0..<width { sums[k] += row[k] * rate }
      }
    }
  }
}
