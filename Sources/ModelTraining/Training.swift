import NumericKernels

/// One training of a network: its state after so many updates.
///
/// Nothing at iteration t depends on how many iterations follow, nor on where scores are read.
final class Training<Scalar: KernelScalar> {
  let weights: Weights<Scalar>
  private let settings: Hyperparameters
  private let shape: NetworkShape
  private let first: any FirstLayer<Scalar>
  private let labels: [Int]
  private let validationLabels: [Int]
  private let draw: KeyedDraw
  private let gradient: Weights<Scalar>
  private let optimizer: Optimizer<Scalar>
  private let batches: BatchOrder
  private var pass: Pass<Scalar>
  private let validationPass: Pass<Scalar>
  /// Another pass for reading scores where the training's own holds batches or masks.
  private lazy var readingPass = Pass<Scalar>(
    shape, settings.activations, count: labels.count, trains: false, drops: false)
  /// How many updates were made.
  private(set) var iteration = 0
  /// The iteration whose outputs for all examples stand in `pass`: a score and the update after it share them.
  private var passIteration: Int?

  /// How an update ended.
  enum Step { case updated, diverged, cancelled }

  /// Which examples a score is of.
  enum Part { case training, validation }

  /// A training with a plain first layer.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  convenience init(_ settings: Hyperparameters, classes: Int, fold: TrainingFold<Scalar>, draw: KeyedDraw) {
    let shape = NetworkShape(features: fold.training.features, units: settings.units, classes: classes)
    let (weights, gradient) = (Weights<Scalar>(shape), Weights<Scalar>(shape))
    self.init(
      settings, weights, gradient,
      first: DenseFirstLayer(weights, gradient, examples: fold.training, validation: fold.validation),
      labels: fold.training.labels, validationLabels: fold.validation.labels, draw: draw)
  }

  /// A training in the space of the examples.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  convenience init(
    _ settings: Hyperparameters, classes: Int, features: Int, fold: GramFold<Scalar>, draw: KeyedDraw
  ) {
    let shape = NetworkShape(features: features, units: settings.units, classes: classes)
    self.init(
      settings, Weights(shape, hasFirst: false), Weights(shape, hasFirst: false),
      first: GramFirstLayer(settings, fold, start: fold.start(draw, settings, features: features)),
      labels: fold.trainingLabels, validationLabels: fold.validationLabels, draw: draw)
  }

  private init(
    _ settings: Hyperparameters, _ weights: Weights<Scalar>, _ gradient: Weights<Scalar>,
    first: any FirstLayer<Scalar>, labels: [Int], validationLabels: [Int], draw: KeyedDraw
  ) {
    self.settings = settings
    self.weights = weights
    self.gradient = gradient
    self.first = first
    self.labels = labels
    self.validationLabels = validationLabels
    self.draw = draw
    shape = weights.shape
    weights.initialize(draw, settings.initialization)
    optimizer = Optimizer(settings, weights)
    batches = BatchOrder(count: labels.count, size: settings.batchSize, draw: draw)
    pass = Pass(
      shape, settings.activations, count: batches.size(ofBatch: 0), trains: true, drops: settings.dropout > 0)
    validationPass = Pass(shape, settings.activations, count: validationLabels.count, trains: false, drops: false)
  }

  /// Makes one update. The cost before it is left in the pass (`lastLoss`).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func update(isCancelled: () -> Bool = { false }) -> Step {
    let chosen = batches.isFull ? nil : batches.batch(iteration)
    if let chosen {
      if pass.count != chosen.count {
        pass = Pass(
          shape, settings.activations, count: chosen.count, trains: true, drops: settings.dropout > 0)
      }
      lastLabels = chosen.map { labels[$0] }
      batchIndices = Array(chosen)
    } else {
      lastLabels = labels
    }
    if passIteration != iteration {
      let drops = settings.dropout > 0 ? fillMask : nil
      guard
        pass.forward(
          weights, drop: drops, isCancelled: isCancelled,
          project: { out, stride in first.project(chosen, into: out, stride: stride) })
      else { return .cancelled }
    }
    guard pass.isFinite else { return .diverged }
    guard
      pass.backward(
        weights, labels: lastLabels, into: gradient, isCancelled: isCancelled,
        learn: { deltas, stride in first.learn(from: deltas, stride: stride) })
    else { return .cancelled }
    optimizer.update(weights, by: gradient)
    iteration += 1
    return .updated
  }

  /// The examples of the last batch by their places in the data; nil where a batch is all of them.
  private var batchIndices: [Int]?
  private var lastLabels: [Int] = []

  /// The mean loss of the last update's batch, before that update, with dropout as it was.
  var lastLoss: Double { CrossEntropy.score(pass, labels: lastLabels, classes: shape.outputs).loss }

  /// Loss and accuracy on a part, without dropout; nil where a logit is not finite.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func score(_ part: Part) -> (loss: Double, accuracy: Double)? {
    let (pass, labels) = part == .training ? trainingOutputs() : (validationPass, validationLabels)
    if part == .validation {
      _ = pass.forward(weights) { out, stride in first.projectValidation(into: out, stride: stride) }
    }
    guard pass.isFinite else { return nil }
    return CrossEntropy.score(pass, labels: labels, classes: shape.outputs)
  }

  /// The outputs for all examples that train, as the weights stand.
  private func trainingOutputs() -> (Pass<Scalar>, [Int]) {
    let isShared = batches.isFull && settings.dropout == 0
    let pass = isShared ? pass : readingPass
    if isShared, passIteration == iteration { return (pass, labels) }
    _ = pass.forward(weights) { out, stride in first.project(nil, into: out, stride: stride) }
    if isShared { passIteration = iteration }
    return (pass, labels)
  }

  /// Draws which outputs of a hidden layer this update keeps; those are scaled so that their mean stays.
  ///
  /// Example e of unit u is word e % 4 of counter (e / 4, u, iteration, layer · 256 + 2), kept where it is at least
  /// dropout · 2³². The example counts by its place in the data, not in the batch.
  private func fillMask(_ layer: Int) {
    let mask = pass.mask(layer)
    let scale = Scalar(1 / (1 - settings.dropout))
    let threshold = settings.dropout * 0x1p32
    let purpose = UInt32(layer) << 8 | DrawPurpose.dropout.rawValue
    for unit in 0..<shape.sizes[layer + 1] {
      let row = mask + unit * pass.logitStride
      for place in 0..<pass.count {
        let example = batchIndices?[place] ?? place
        let words = draw.words(UInt32(example / 4), UInt32(unit), UInt32(truncatingIfNeeded: iteration), purpose)
        row[place] = Double(words[example % 4]) >= threshold ? scale : 0
      }
    }
  }

  /// The gradient of the last update, for checks.
  var lastGradient: Weights<Scalar> { gradient }
}

/// Which examples each update uses: every epoch in an order of its own, a short last batch closing it.
final class BatchOrder {
  private let count: Int
  private let size: Int
  private let draw: KeyedDraw
  private var epoch = -1
  private var order: [Int] = []

  init(count: Int, size: Int, draw: KeyedDraw) {
    self.count = count
    self.size = size == 0 ? count : min(size, count)
    self.draw = draw
  }

  /// Whether every update uses all examples, in their own order.
  var isFull: Bool { size == count }

  private var batchesPerEpoch: Int { (count + size - 1) / size }

  /// How many examples the update of an iteration uses.
  func size(ofBatch iteration: Int) -> Int { min(size, count - iteration % batchesPerEpoch * size) }

  /// The examples of an iteration's update. The order of an epoch sorts examples by draw (example, epoch, 0, 3).
  func batch(_ iteration: Int) -> ArraySlice<Int> {
    let wanted = iteration / batchesPerEpoch
    if wanted != epoch {
      epoch = wanted
      let keys = (0..<count).map {
        draw.integer(UInt32($0), UInt32(truncatingIfNeeded: wanted), 0, DrawPurpose.order.rawValue)
      }
      order = (0..<count).sorted { (keys[$0], $0) < (keys[$1], $1) }
    }
    let start = iteration % batchesPerEpoch * size
    return order[start..<min(start + size, count)]
  }
}
