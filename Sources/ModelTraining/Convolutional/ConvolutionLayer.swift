import NumericKernels

/// One convolution of a pass: its activation and pooling included, with the room for outputs and slopes.
final class ConvolutionLayer<Scalar: KernelScalar> {
  private let shape: ConvolutionShape
  private let input: PicturePlanes<Scalar>
  /// The slopes by the input; nil for the layer that meets the picture.
  private let inputDeltas: PicturePlanes<Scalar>?
  private let outputs: PicturePlanes<Scalar>
  private let deltas: PicturePlanes<Scalar>
  /// What the next layer reads; the outputs themselves where nothing is pooled.
  let pooled: PicturePlanes<Scalar>
  let pooledDeltas: PicturePlanes<Scalar>
  private let geometry: ConvolutionGeometry
  private let pooling: PoolingGeometry
  private let activation: ActivationKernel
  private let kernels: Kernels<Scalar>
  /// The weights by inputs and then filters.
  private lazy var transposed = NumberBuffer<Scalar>(shape.depth * padded(shape.filters, Scalar.self))

  /// Where sums by the weights wait; nil where the slopes are few enough to be met by all weights at once, or the weights are
  /// too many.
  private lazy var lanes: NumberBuffer<Scalar>? = {
    let panels = shape.filters * shape.depth * Scalar.Lanes.scalarCount
    let mostBytes = 1 << 20
    let bytes = deltas.channels * deltas.plane * MemoryLayout<Scalar>.stride
    return bytes > mostBytes && panels * MemoryLayout<Scalar>.stride <= mostBytes ? NumberBuffer(panels) : nil
  }()

  init(
    _ shape: ConvolutionShape, next: ConvolutionShape?, input: PicturePlanes<Scalar>,
    inputDeltas: PicturePlanes<Scalar>?, activation: Activation, pooling: Pooling, kernels: Kernels<Scalar>
  ) {
    self.shape = shape
    self.input = input
    self.inputDeltas = inputDeltas
    self.activation = activation.kernel
    self.kernels = kernels
    let pitch = input.pitch
    func planes(_ height: Int, _ width: Int, edgeOf next: ConvolutionShape?) -> PicturePlanes<Scalar> {
      PicturePlanes(channels: shape.filters, height: height, width: width, pitch: pitch, edgeOf: next)
    }
    let isPooled = shape.pool > 1
    outputs = planes(shape.outHeight, shape.outWidth, edgeOf: isPooled ? nil : next)
    deltas = planes(shape.outHeight, shape.outWidth, edgeOf: isPooled ? nil : next)
    pooled = isPooled ? planes(shape.pooledHeight, shape.pooledWidth, edgeOf: next) : outputs
    pooledDeltas = isPooled ? planes(shape.pooledHeight, shape.pooledWidth, edgeOf: next) : deltas
    geometry = ConvolutionGeometry(
      offsets: OffsetBuffer(
        (0..<shape.depth).map { number in
          let (channel, place) = number.quotientAndRemainder(dividingBy: shape.kernel * shape.kernel)
          return channel * input.plane + place / shape.kernel * input.rowStride + place % shape.kernel * pitch
        }),
      stride: padded(shape.depth, Scalar.self), rows: shape.outHeight, places: shape.outWidth, width: pitch,
      inRow: shape.stride * input.rowStride, inStep: shape.stride * pitch, outRow: outputs.rowStride, outStep: pitch,
      outPlane: outputs.plane)
    self.pooling = PoolingGeometry(
      side: shape.pool, places: shape.pooledWidth, width: pitch, inRow: outputs.rowStride, inStep: pitch,
      outStep: pitch, takesLargest: pooling == .max)
  }

  /// Computes what the next layer reads; false where cancelled.
  func forward(
    _ weights: UnsafePointer<Scalar>, _ biases: UnsafePointer<Scalar>, stride: Int, isCancelled: () -> Bool
  ) -> Bool {
    if isCancelled() { return false }
    guard
      kernels.convolve(
        geometry, weights: weights, biases: biases, filters: shape.filters, from: input.base, into: outputs.start,
        isCancelled: isCancelled)
    else { return false }
    outputs.forEachRun { kernels.activate(outputs.start + $0, count: $1, activation) }
    forEachPooledRow { from, to in kernels.pool(pooling, outputs.start + from, into: pooled.start + to) }
    return true
  }

  /// Writes the slopes by weights and biases, and those by the input; false where cancelled.
  func backward(
    _ weights: UnsafePointer<Scalar>, into slopes: UnsafeMutablePointer<Scalar>,
    _ biasSlopes: UnsafeMutablePointer<Scalar>, stride: Int, isCancelled: () -> Bool
  ) -> Bool {
    if isCancelled() { return false }
    forEachPooledRow { from, to in
      kernels.poolBack(
        pooling, input: outputs.start + from, output: pooled.start + to, deltas: pooledDeltas.start + to,
        into: deltas.start + from)
    }
    outputs.forEachRun {
      kernels.differentiate(deltas.start + $0, outputs: outputs.start + $0, mask: nil, count: $1, activation)
    }
    guard
      kernels.convolveWeights(
        geometry, deltas: deltas.start, filters: shape.filters, input: input.base, weights: slopes,
        biases: biasSlopes, lanes: lanes?.base, isCancelled: isCancelled)
    else { return false }
    guard let inputDeltas else { return true }
    let across = padded(shape.filters, Scalar.self)
    for filter in 0..<shape.filters {
      for number in 0..<shape.depth { transposed.base[number * across + filter] = weights[filter * stride + number] }
    }
    inputDeltas.clear()
    return kernels.convolveBack(
      geometry, weights: transposed.base, stride: across, filters: shape.filters, deltas: deltas.start,
      onto: inputDeltas.base, isCancelled: isCancelled)
  }

  /// Calls `body` with where each row of pooled places begins in what is pooled and in what becomes of it, from `start` on.
  private func forEachPooledRow(_ body: (_ from: Int, _ to: Int) -> Void) {
    guard shape.pool > 1 else { return }
    for channel in 0..<shape.filters {
      for row in 0..<shape.pooledHeight {
        body(
          channel * outputs.plane + row * shape.pool * outputs.rowStride,
          channel * pooled.plane + row * pooled.rowStride)
      }
    }
  }
}
