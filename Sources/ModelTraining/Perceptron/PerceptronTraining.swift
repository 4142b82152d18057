import NumericKernels

/// One training of a network: its state after this many updates.
final class PerceptronTraining<Scalar: KernelScalar>: FoldTraining {
  let weights: Weights<Scalar>
  let settings: PerceptronSettings
  private let shape: NetworkShape
  let kernels: Kernels<Scalar>
  let first: any FirstLayer<Scalar>
  /// Where whole updates are made in one call: the first layer with all others connected to it.
  private let fused: GramKernel<Scalar>?
  private let labels: LabelBuffer
  private let validationLabels: LabelBuffer
  let draw: KeyedDraw
  private let gradient: Weights<Scalar>
  private let optimizer: Optimizer<Scalar>
  private let batches: BatchOrder
  private var pass: Pass<Scalar>
  private let validationPass: Pass<Scalar>
  /// Another pass for reading scores where the training's own holds batches or masks.
  private lazy var readingPass = Pass<Scalar>(
    shape, settings.activations, count: labels.count, trains: false, drops: false, kernels: kernels)
  /// How many updates were made.
  private(set) var iteration = 0
  /// The iteration whose outputs for all examples `pass` holds: a score and the update after it share them.
  private var passIteration: Int?

  /// A training with a plain first layer.
  convenience init(
    _ settings: PerceptronSettings, classes: Int, fold: PackedFold<Scalar>, draw: KeyedDraw,
    kernels: Kernels<Scalar> = .current
  ) {
    let shape = NetworkShape(features: fold.training.features, units: settings.units, classes: classes)
    let (weights, gradient) = (Weights<Scalar>(shape), Weights<Scalar>(shape))
    self.init(
      settings, weights, gradient,
      first: DenseFirstLayer(
        weights, gradient, examples: fold.training, validation: fold.validation, kernels: kernels),
      fused: nil, labels: fold.training.labels, validationLabels: fold.validation.labels, draw: draw,
      kernels: kernels)
  }

  /// A training in the space of the examples; whole updates in one call where that can be and `mayFuse`.
  convenience init(
    _ settings: PerceptronSettings, classes: Int, features: Int, fold: GramFold<Scalar>, draw: KeyedDraw,
    kernels: Kernels<Scalar> = .current, mayFuse: Bool = true
  ) {
    let shape = NetworkShape(features: features, units: settings.units, classes: classes)
    let (weights, gradient) = (Weights<Scalar>(shape, hasFirst: false), Weights<Scalar>(shape, hasFirst: false))
    let first = GramFirstLayer(
      settings.optimizer, fold, start: fold.start(draw, settings, features: features, kernels: kernels),
      biasGradients: gradient.biases[0], kernels: kernels)
    self.init(
      settings, weights, gradient, first: first, fused: mayFuse ? first.kernel : nil, labels: fold.trainingLabels,
      validationLabels: fold.validationLabels, draw: draw, kernels: kernels)
  }

  private init(
    _ settings: PerceptronSettings, _ weights: Weights<Scalar>, _ gradient: Weights<Scalar>,
    first: any FirstLayer<Scalar>, fused: GramKernel<Scalar>?, labels: [Int], validationLabels: [Int],
    draw: KeyedDraw, kernels: Kernels<Scalar>
  ) {
    self.settings = settings
    self.weights = weights
    self.gradient = gradient
    self.kernels = kernels
    self.first = first
    self.labels = LabelBuffer(labels)
    self.validationLabels = LabelBuffer(validationLabels)
    self.draw = draw
    shape = weights.shape
    weights.initialize(draw, settings.initialization, kernels)
    optimizer = Optimizer(
      settings.optimizer,
      zip(weights.matrices, gradient.matrices).map { .init(values: $0, gradient: $1, decays: true) }
        + zip(weights.biases, gradient.biases).map { .init(values: $0, gradient: $1, decays: false) }, kernels)
    batches = BatchOrder(count: labels.count, size: settings.batchSize, draw: draw)
    pass = Pass(
      shape, settings.activations, count: batches.size(ofBatch: 0), trains: true, drops: settings.dropout > 0,
      kernels: kernels)
    validationPass = Pass(
      shape, settings.activations, count: validationLabels.count, trains: false, drops: false, kernels: kernels)
    batchLabels = self.labels
    self.fused = batches.isFull && settings.dropout == 0 ? fused : nil
    self.fused?.connect(
      GramKernel.Layers(
        sizes: shape.sizes, activations: settings.activations.map(\.kernel), weights: weights.matrices,
        gradients: gradient.matrices, velocities: optimizer.momenta.map { Array($0.prefix(shape.depth)) },
        biases: weights.biases,
        biasGradients: gradient.biases, biasVelocities: optimizer.momenta.map { Array($0.suffix(shape.depth)) },
        outputs: pass.outputs,
        deltas: pass.deltas, labels: self.labels))
  }

  /// Makes updates until `target` of them are made in all; gives how the last ended (`updated` where there was none to
  /// make).
  func advance(to target: Int, isCancelled: () -> Bool) -> TrainingStep {
    while iteration < target {
      let step = update(atMost: target - iteration, isCancelled: isCancelled)
      if step != .updated { return step }
    }
    return .updated
  }

  /// Makes one update. The cost before it is left in the pass (`lastLoss`).
  func update(isCancelled: () -> Bool = { false }) -> TrainingStep { update(atMost: 1, isCancelled: isCancelled) }

  /// How many whole updates one call makes, so that cancellation is looked for in time; 0 where an update is so large that
  /// it must look within itself, or cannot be made in one call.
  private lazy var fusedBlock: Int = {
    guard let fused else { return 0 }
    let rest = (1..<shape.depth).reduce(0.0) { $0 + Double(shape.sizes[$1]) * Double(shape.sizes[$1 + 1]) }
    let units = shape.sizes.dropFirst().reduce(0.0) { $0 + Double($1) }
    let operations = fused.operations + Double(labels.count) * (6 * rest + 60 * units)
    return Int(Kernels<Scalar>.operationsBetweenLooks / operations)
  }()

  /// Makes as many updates as one call does, one at least and `most` at most.
  private func update(atMost most: Int, isCancelled: () -> Bool) -> TrainingStep {
    guard let fused, fusedBlock > 0 else { return updateInParts(isCancelled: isCancelled) }
    if isCancelled() { return .cancelled }
    let wanted = min(fusedBlock, most)
    let made = fused.train(wanted, hasOutputs: passIteration == iteration)
    iteration += made
    if made < wanted { passIteration = iteration }
    return made < wanted ? .diverged : .updated
  }

  /// Makes one update by a call for each part of it.
  private func updateInParts(isCancelled: () -> Bool) -> TrainingStep {
    let chosen = batches.isFull ? nil : batches.batch(iteration)
    batchExamples = chosen?.map { Int64($0) }
    if let chosen {
      if pass.count != chosen.count {
        pass = Pass(
          shape, settings.activations, count: chosen.count, trains: true, drops: settings.dropout > 0,
          kernels: kernels)
      }
      batchLabels = LabelBuffer(chosen.map { Int(labels.base[$0]) })
    }
    if passIteration != iteration {
      let drops = settings.dropout > 0 ? fillMask : nil
      let isDone = pass.forward(weights, drop: drops, isCancelled: isCancelled) { out, stride in
        first.project(
          batchExamples, biases: weights.biases[0].base, into: out, stride: stride, isCancelled: isCancelled)
      }
      guard isDone else { return .cancelled }
    }
    guard pass.isFinite else { return .diverged }
    let isDone = pass.backward(weights, labels: batchLabels, into: gradient, isCancelled: isCancelled) {
      first.learn(from: $0, stride: $1, isCancelled: isCancelled)
    }
    guard isDone else { return .cancelled }
    optimizer.update()
    iteration += 1
    return .updated
  }

  /// The examples of the last batch by their places in the data; nil where a batch is all of them.
  private var batchExamples: [Int64]?
  private var batchLabels: LabelBuffer

  /// The mean loss of the last update's batch, before that update, with dropout as it was.
  var lastLoss: Double {
    score(pass, batchLabels).loss
  }

  /// Loss and accuracy on a part, without dropout; nil where a logit is not finite.
  func score(_ part: FoldPart) -> (loss: Double, accuracy: Double)? {
    let (pass, labels) = part == .training ? trainingOutputs() : (validationPass, validationLabels)
    if part == .validation {
      _ = pass.forward(weights) { out, stride in
        first.projectValidation(biases: weights.biases[0].base, into: out, stride: stride)
        return true
      }
    }
    guard pass.isFinite else { return nil }
    return score(pass, labels)
  }

  private func score(_ pass: Pass<Scalar>, _ labels: LabelBuffer) -> (loss: Double, accuracy: Double) {
    CrossEntropy.score(
      pass.logits, stride: pass.logitStride, outputs: shape.outputs, labels: labels, kernels: kernels)
  }

  /// The outputs for all examples that train, by the current weights.
  private func trainingOutputs() -> (Pass<Scalar>, LabelBuffer) {
    let isShared = batches.isFull && settings.dropout == 0
    let pass = isShared ? pass : readingPass
    if isShared, passIteration == iteration { return (pass, labels) }
    _ = pass.forward(weights) { out, stride in
      first.project(nil, biases: weights.biases[0].base, into: out, stride: stride) { false }
    }
    if isShared { passIteration = iteration }
    return (pass, labels)
  }

  /// Draws which outputs of a hidden layer this update keeps; those are scaled so that their mean stays.
  ///
  /// Example e of unit u is word e % 4 of counter (e / 4, u, iteration, layer · 256 + 2), kept where it is at least
  /// dropout · 2³². The example counts by its place in the data, not in the batch.
  private func fillMask(_ layer: Int) {
    for unit in 0..<shape.sizes[layer + 1] {
      kernels.mask(
        draw, unit: unit, iteration: iteration, purpose: UInt32(layer) << 8 | DrawPurpose.dropout.rawValue,
        dropping: settings.dropout, examples: batchExamples, count: pass.count,
        into: pass.mask(layer) + unit * pass.logitStride)
    }
  }

  /// The pass that trains, for checks.
  var trainingPass: Pass<Scalar> { pass }

  /// The gradient of the last update, for checks.
  var lastGradient: Weights<Scalar> { gradient }
}
