import NumericKernels

/// One training of a convolutional network: its state after this many updates.
///
/// A batch is worked on in chunks of at most 64 examples, in order; their gradients are added in that order.
final class ConvolutionalTraining<Scalar: KernelScalar>: FoldTraining {
  let weights: ConvolutionalWeights<Scalar>
  let settings: ConvolutionalSettings
  private let shape: ConvolutionalShape
  private let kernels: Kernels<Scalar>
  private let fold: PictureFold<Scalar>
  private let draw: KeyedDraw
  private let gradient: ConvolutionalWeights<Scalar>
  /// The gradient of one chunk, where a batch has more than one.
  private lazy var part = ConvolutionalWeights<Scalar>(shape)
  private let optimizer: Optimizer<Scalar>
  private let batches: BatchOrder
  private let passes: ConvolutionalPasses<Scalar>
  /// How many updates were made.
  private(set) var iteration = 0
  /// The mean loss of the last update's batch, before that update, with dropout as it was.
  private(set) var lastLoss = 0.0

  init(_ passes: ConvolutionalPasses<Scalar>, fold: PictureFold<Scalar>, draw: KeyedDraw) {
    let (settings, shape, kernels) = (passes.settings, passes.shape, passes.kernels)
    self.settings = settings
    self.shape = shape
    self.fold = fold
    self.draw = draw
    self.kernels = kernels
    self.passes = passes
    weights = ConvolutionalWeights(shape)
    gradient = ConvolutionalWeights(shape)
    weights.initialize(draw, settings.dense.initialization, kernels)
    optimizer = Optimizer(
      settings.dense.optimizer,
      zip(weights.matrices, gradient.matrices).map { .init(values: $0, gradient: $1, decays: true) }
        + zip(weights.biases, gradient.biases).map { .init(values: $0, gradient: $1, decays: false) }, kernels)
    batches = BatchOrder(count: fold.training.count, size: settings.dense.batchSize, draw: draw)
  }

  func advance(to target: Int, isCancelled: () -> Bool) -> TrainingStep {
    while iteration < target {
      let step = update(isCancelled: isCancelled)
      if step != .updated { return step }
    }
    return .updated
  }

  /// Makes one update.
  func update(isCancelled: () -> Bool = { false }) -> TrainingStep {
    let batch = batches.isFull ? Array(fold.training.indices) : batches.batch(iteration)
    var loss = 0.0
    for (number, chunk) in Self.chunks(batch).enumerated() {
      if isCancelled() { return .cancelled }
      let rows = chunk.map { Int64(fold.training[$0]) }
      let labels = LabelBuffer(rows.map { fold.examples.labels[Int($0)] })
      let pass = passes.pass(chunk.count)
      let drop = settings.dense.dropout > 0 ? { self.fill($1, $0, chunk.map(Int64.init), pitch: pass.pitch) } : nil
      guard pass.forward(fold.examples, rows, weights, drop: drop, isCancelled: isCancelled) else {
        return .cancelled
      }
      guard pass.isFinite(chunk.count) else { return .diverged }
      loss += sum(pass, labels).loss
      guard
        pass.backward(
          weights, labels: labels, of: batch.count, into: number == 0 ? gradient : part, isCancelled: isCancelled)
      else { return .cancelled }
      if number > 0 { gradient.add(part, kernels) }
    }
    lastLoss = loss / Double(batch.count)
    optimizer.update()
    iteration += 1
    return .updated
  }

  private static func chunks(_ examples: [Int]) -> [ArraySlice<Int>] {
    let most = ConvolutionalPass<Scalar>.mostExamples
    return stride(from: 0, to: examples.count, by: most).map { examples[$0..<min($0 + most, examples.count)] }
  }

  private func sum(_ pass: ConvolutionalPass<Scalar>, _ labels: LabelBuffer) -> (loss: Double, right: Int) {
    let (loss, right) = kernels.crossEntropy(
      pass.logits, stride: pass.pitch, outputs: shape.outputs, labels: labels)
    return (loss, right)
  }

  /// Draws which outputs of hidden layer `layer` this update keeps, as a perceptron's, the convolutions counted as layers
  /// before it; the example counts by its place among those that train.
  private func fill(_ mask: UnsafeMutablePointer<Scalar>, _ layer: Int, _ examples: [Int64], pitch: Int) {
    let purpose = UInt32(shape.convolutions.count + layer) << 8 | DrawPurpose.dropout.rawValue
    for unit in 0..<shape.sizes[layer + 1] {
      kernels.mask(
        draw, unit: unit, iteration: iteration, purpose: purpose, dropping: settings.dense.dropout,
        examples: examples, count: examples.count, into: mask + unit * pitch)
    }
  }

  func score(_ part: FoldPart) -> (loss: Double, accuracy: Double)? {
    (try? score(part) { false }) ?? nil
  }

  func score(_ part: FoldPart, isCancelled: () -> Bool) throws(CancelledReading) -> (loss: Double, accuracy: Double)? {
    let examples = part == .training ? fold.training : fold.validation
    var (loss, right) = (0.0, 0)
    for chunk in Self.chunks(examples) {
      let pass = passes.pass(chunk.count)
      guard
        !isCancelled(),
        pass.forward(fold.examples, chunk.map(Int64.init), weights, isCancelled: isCancelled)
      else { throw CancelledReading() }
      guard pass.isFinite(chunk.count) else { return nil }
      let sums = sum(pass, LabelBuffer(chunk.map { fold.examples.labels[$0] }))
      loss += sums.loss
      right += sums.right
    }
    return (loss / Double(examples.count), Double(right) / Double(examples.count))
  }

  func rest() { passes.clear() }

  func network(_ examples: TrainingExamples, isCancelled: () -> Bool) -> (any TrainedNetwork)? {
    ConvolutionalNetwork(weights, settings, precision: Precision(of: Scalar.self))
  }

  /// The gradient of the last update, for checks.
  var lastGradient: ConvolutionalWeights<Scalar> { gradient }
}
