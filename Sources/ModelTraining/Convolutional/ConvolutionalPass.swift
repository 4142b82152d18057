import NumericKernels

/// The way forward and back through a network for a chunk of examples, with all the room that it needs.
///
/// A chunk has at most `mostExamples`, however many a batch has, so that what a layer gives the next stays in the cache.
final class ConvolutionalPass<Scalar: KernelScalar> {
  /// The most examples of a chunk.
  static var mostExamples: Int { 64 }

  let shape: ConvolutionalShape
  /// Examples, padded to whole lanes.
  let pitch: Int
  let kernels: Kernels<Scalar>
  private let layers: [ConvolutionLayer<Scalar>]
  private let input: PicturePlanes<Scalar>
  /// Where each feature of an example lies in `input`.
  private let places: OffsetBuffer
  private let dense: DenseLayers<Scalar>

  init(
    _ shape: ConvolutionalShape, _ settings: ConvolutionalSettings, pitch: Int, drops: Bool, kernels: Kernels<Scalar>
  ) {
    self.shape = shape
    self.pitch = pitch
    self.kernels = kernels
    let first = shape.convolutions[0]
    input = PicturePlanes(
      channels: first.channels, height: first.height, width: first.width, pitch: pitch, edgeOf: first)
    var layers: [ConvolutionLayer<Scalar>] = []
    for (index, convolution) in shape.convolutions.enumerated() {
      layers.append(
        ConvolutionLayer(
          convolution, next: index + 1 < shape.convolutions.count ? shape.convolutions[index + 1] : nil,
          input: layers.last?.pooled ?? input, inputDeltas: layers.last?.pooledDeltas,
          activation: settings.convolutions[index].activation, pooling: settings.pooling, kernels: kernels))
    }
    self.layers = layers
    let plane = input
    let lead = plane.base.distance(to: plane.start)
    places = OffsetBuffer(
      (0..<first.height * first.width * first.channels).map { feature in
        let (place, channel) = feature.quotientAndRemainder(dividingBy: first.channels)
        return lead + channel * plane.plane + place / first.width * plane.rowStride + place % first.width * pitch
      })
    dense = DenseLayers(
      shape.sizes, settings.dense.activations.map(\.kernel), pitch: pitch, drops: drops, kernels: kernels)
  }

  /// The logits, (outputs, pitch).
  var logits: UnsafeMutablePointer<Scalar> { dense.outputs[shape.depth - 1].base }

  /// Computes the logits of the examples that `rows` names; false where cancelled.
  ///
  /// `drop` fills the mask of a hidden layer, counted from 0; nil drops nothing.
  func forward(
    _ examples: PictureExamples<Scalar>, _ rows: [Int64], _ weights: ConvolutionalWeights<Scalar>,
    drop: ((_ layer: Int, _ mask: UnsafeMutablePointer<Scalar>) -> Void)? = nil, isCancelled: () -> Bool
  ) -> Bool {
    kernels.place(examples.base, stride: examples.stride, rows: rows, at: places, into: input.base)
    for (index, layer) in layers.enumerated() {
      guard
        layer.forward(
          weights.matrices[index].base, weights.biases[index].base, stride: weights.stride(index),
          isCancelled: isCancelled)
      else { return false }
    }
    return dense.forward(last.pooled.base, weights, after: layers.count, drop: drop, isCancelled: isCancelled)
  }

  private var last: ConvolutionLayer<Scalar> { layers[layers.count - 1] }

  /// Whether every logit of `count` examples is a finite number.
  func isFinite(_ count: Int) -> Bool {
    kernels.areFinite(logits, stride: pitch, outputs: shape.outputs, count: count)
  }

  /// Writes the gradient of the chunk's share of the mean cross-entropy of `examples` examples; false where cancelled.
  func backward(
    _ weights: ConvolutionalWeights<Scalar>, labels: LabelBuffer, of examples: Int,
    into gradient: ConvolutionalWeights<Scalar>, isCancelled: () -> Bool
  ) -> Bool {
    dense.setSlopes(labels: labels, of: examples)
    guard
      dense.backward(
        last.pooled.base, last.pooledDeltas.base, weights, after: layers.count, into: gradient,
        isCancelled: isCancelled)
    else { return false }
    for (index, layer) in layers.enumerated().reversed() {
      guard
        layer.backward(
          weights.matrices[index].base, into: gradient.matrices[index].base, gradient.biases[index].base,
          stride: weights.stride(index), isCancelled: isCancelled)
      else { return false }
    }
    return true
  }
}
