import Datasets
import NumericKernels

/// The examples of a training: a first layer that is trained in their space needs them to give its weights.
struct TrainingExamples {
  let dataset: Dataset
  /// Those that train, by their places among all: the first part's, then the second's.
  let places: [Int]

  /// Calls `body` with each example's place among those that train and its features, (D) in double precision; false
  /// where `isCancelled` said so in between.
  @discardableResult
  func forEach(
    isCancelled: () -> Bool = { false }, _ body: (_ k: Int, _ features: UnsafeBufferPointer<Double>) -> Void
  ) -> Bool {
    let (own, width) = (dataset.first.count, dataset.features)
    var row: [Double] = []
    for (k, place) in places.enumerated() {
      if isCancelled() { return false }
      let (part, index) = place < own ? (dataset.first, place) : (dataset.second ?? dataset.first, place - own)
      part.features.read(index * width..<(index + 1) * width, into: &row)
      row.withUnsafeBufferPointer { body(k, $0) }
    }
    return true
  }
}

extension Training {
  /// The network in its current state; `examples` are those that it was made of. O(units · examples · features) where the
  /// first layer was trained in the space of the examples. Nil where `isCancelled` said so.
  func network(_ examples: TrainingExamples, isCancelled: () -> Bool = { false }) -> TrainedNetwork? {
    let shape = weights.shape
    var layers = (0..<shape.depth).map { layer in
      let (inputs, outputs, stride) = (shape.sizes[layer], shape.sizes[layer + 1], weights.stride(layer))
      let hasNumbers = layer > 0 || weights.hasFirst
      var numbers: [Double] = []
      if hasNumbers {
        numbers.reserveCapacity(inputs * outputs)
        for unit in 0..<outputs {
          for input in 0..<inputs { numbers.append(Double(weights.matrices[layer].base[unit * stride + input])) }
        }
      }
      return TrainedNetwork.Layer(
        inputs: inputs, outputs: outputs, weights: numbers,
        biases: (0..<outputs).map { Double(weights.biases[layer].base[$0]) })
    }
    if let gram = first as? GramFirstLayer<Scalar> {
      guard let rebuilt = gram.rebuilt(examples, from: draw, settings.initialization, kernels, isCancelled: isCancelled)
      else {
        return nil
      }
      layers[0].weights = rebuilt.weights
      for unit in layers[0].biases.indices { layers[0].biases[unit] -= rebuilt.shifts[unit] }
    }
    return TrainedNetwork(
      layers: layers, activations: settings.activations.map(\.rawValue), isDouble: Scalar.self == Double.self)
  }
}

extension GramFirstLayer {
  /// W = a · W₀ − Σₖ Sₖ xₖᵀ, (units, D) row-major, and what the biases must lose beside it.
  ///
  /// The training keeps Σₖ Sₖ and Σₖ Sₖ pₖ in double precision of their own. Where S is in single precision its sums differ
  /// from those a little; what differs in the first is taken along the mean, in the second from the biases, so that the
  /// weights give the very pre-activations that were trained.
  func rebuilt(
    _ examples: TrainingExamples, from draw: KeyedDraw, _ initialization: Initialization, _ kernels: Kernels<Scalar>,
    isCancelled: () -> Bool
  ) -> (weights: [Double], shifts: [Double])? {
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
    return isWhole ? (weights, shifts) : nil
  }
}
