import JSONText
import NumericKernels

/// A trained convolutional network: convolutions, each with an activation and pooling, then dense layers.
struct ConvolutionalNetwork: TrainedNetwork, Hashable {
  static var format: String { "cairn-cnn-1" }

  /// The sizes of the convolutions.
  var shapes: [ConvolutionShape]
  /// Of each: W (filters, channels · kernel · kernel) row-major and b; inputs and outputs are those of a filter.
  var filters: [DenseLayer]
  /// The fully connected layers; the last gives logits, one for two classes, else one a class.
  var layers: [DenseLayer]
  /// What each convolution, then each hidden layer, does to its weighted sums.
  var activations: [Activation]
  var pooling: Pooling
  /// What it was trained in, and what its numbers are kept in.
  var precision: Precision

  /// What a training has learnt.
  init<Scalar: KernelScalar>(
    _ weights: ConvolutionalWeights<Scalar>, _ settings: ConvolutionalSettings, precision: Precision
  ) {
    let shape = weights.shape
    let all = (0..<shape.layers).map { layer in
      let (inputs, outputs) = shape.matrix(layer)
      return DenseLayer(
        inputs: inputs, outputs: outputs, weights: weights.numbers(layer), biases: weights.shifts(layer))
    }
    shapes = shape.convolutions
    filters = Array(all.prefix(shapes.count))
    layers = Array(all.dropFirst(shapes.count))
    activations = settings.convolutions.map(\.activation) + settings.dense.activations
    pooling = settings.pooling
    self.precision = precision
  }

  var features: Int { shapes.first.map { $0.channels * $0.height * $0.width } ?? 0 }

  func logits(of features: [Double]) -> [Double] {
    guard let first = shapes.first else { return [] }
    // From (row, column, channel) to (channel, row, column).
    let places = first.height * first.width
    var values = [Double](repeating: 0, count: features.count)
    for channel in 0..<first.channels {
      for place in 0..<places { values[channel * places + place] = features[place * first.channels + channel] }
    }
    for (index, shape) in shapes.enumerated() {
      values = shape.convolved(values, by: filters[index]).map(activations[index].applied(to:))
      values = shape.pooled(values, pooling)
    }
    for (index, layer) in layers.enumerated() {
      values = layer.sums(of: values)
      if index < layers.count - 1 { values = values.map(activations[shapes.count + index].applied(to:)) }
    }
    return values
  }
}

extension ConvolutionShape {
  /// b + Σₖ wₖ xₖ at every place, (filters, rows, columns), from (channels, rows, columns).
  fileprivate func convolved(_ values: [Double], by layer: DenseLayer) -> [Double] {
    var sums = [Double](repeating: 0, count: filters * outHeight * outWidth)
    values.withUnsafeBufferPointer { values in
      layer.weights.withUnsafeBufferPointer { weights in
        sums.withUnsafeMutableBufferPointer { sums in
          for filter in 0..<filters {
            let plane = filter * outHeight * outWidth
            for place in 0..<outHeight * outWidth { sums[plane + place] = layer.biases[filter] }
            for number in 0..<depth {
              let weight = weights[filter * depth + number]
              let (channel, cell) = number.quotientAndRemainder(dividingBy: kernel * kernel)
              let (down, across) = (cell / kernel - top, cell % kernel - left)
              for y in 0..<outHeight {
                let row = y * stride + down
                guard row >= 0, row < height else { continue }
                for x in 0..<outWidth {
                  let column = x * stride + across
                  guard column >= 0, column < width else { continue }
                  sums[plane + y * outWidth + x] += weight * values[(channel * height + row) * width + column]
                }
              }
            }
          }
        }
      }
    }
    return sums
  }

  /// Squares as one place each: their mean or their largest number.
  fileprivate func pooled(_ values: [Double], _ pooling: Pooling) -> [Double] {
    guard pool > 1 else { return values }
    var result: [Double] = []
    result.reserveCapacity(filters * pooledHeight * pooledWidth)
    for filter in 0..<filters {
      for y in 0..<pooledHeight {
        for x in 0..<pooledWidth {
          var sum = 0.0
          var top = -Double.infinity
          for cell in 0..<pool * pool {
            let value = values[(filter * outHeight + y * pool + cell / pool) * outWidth + x * pool + cell % pool]
            sum += value
            top = max(top, value)
          }
          result.append(pooling == .max ? top : sum / Double(pool * pool))
        }
      }
    }
    return result
  }
}
