import NumericKernels

extension GramFirstLayer {
  /// W = a · W₀ − Σₖ Sₖ xₖᵀ, (units, D) row-major, and what the biases must lose beside it.
  ///
  /// The training keeps Σₖ Sₖ and Σₖ Sₖ pₖ in double precision of their own. Where S is in single precision its sums differ
  /// from those a little; what differs in the first is taken along the mean, in the second from the biases, so that the
  /// weights give the very pre-activations that were trained.
  func trained(
    on examples: TrainingExamples, from draw: KeyedDraw, _ initialization: Initialization, isCancelled: () -> Bool
  ) -> FirstLayerWeights? {
    let state = kernel.reading
    let (width, units, count) = (examples.dataset.features, state.sums.count, examples.places.count)
    let deviation = initialization.deviation(inputs: width, outputs: units)
    var weights = [Double](repeating: 0, count: units * width)
    let row = NumberBuffer<Scalar>(padded(width, Scalar.self))
    for unit in 0..<units {
      kernels.normals(
        draw, unit: unit, layer: 0, purpose: DrawPurpose.weights.rawValue, deviation: deviation, into: row.base,
        count: width)
      for input in 0..<width { weights[unit * width + input] = state.share * Double(row.base[input]) }
    }
    // How much of each example to subtract: S, plus an equal share of the rounding error of the mean.
    var shifts: [Double] = []
    var factors: [[Double]] = []
    for unit in 0..<units {
      let sums = state.sums[unit]
      let lacking = (state.totals[unit] - sums.reduce(0, +)) / Double(count)
      factors.append(sums.map { $0 + lacking })
      let projected = (0..<count).reduce(0.0) { $0 + sums[$1] * fold.doubleProjections.base[$1] }
      shifts.append(state.projections[unit] - projected)
    }
    let isWhole = weights.withUnsafeMutableBufferPointer { weights in
      examples.forEach(isCancelled: isCancelled) { k, features in
        for unit in 0..<units {
          let factor = factors[unit][k]
          for input in 0..<width { weights[unit * width + input] -= factor * features[input] }
        }
      }
    }
    return isWhole ? FirstLayerWeights(weights: weights, shifts: shifts) : nil
  }
}
