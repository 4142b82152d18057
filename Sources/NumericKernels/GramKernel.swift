import CKernels

/// The state of a first layer trained in the space of the examples: S, its velocity and what the mean adds; with the other
/// layers connected, whole updates of a training by full batches.
///
/// W · X = share · W₀X − S · K − (level + slope · p), K the Gram matrix of the centred examples, p their projections on
/// the mean. Not thread-safe.
public final class GramKernel<Scalar: KernelScalar> {
  private let kernels: Kernels<Scalar>
  let state: UnsafeMutablePointer<cairn_gram>
  let means: NumberBuffer<Double>
  let sums: NumberBuffer<Scalar>
  /// The projections of the batch.
  private var chosenProjections: NumberBuffer<Scalar>?
  /// Working space of the kernels.
  private let active: UnsafeMutablePointer<Int32>
  /// What the state's pointers lead to.
  private var kept: [AnyObject] = []

  /// The examples that train, in the training's numbers; (N, N) matrix in panels of columns, the rest padded to lanes.
  public struct Examples {
    var count: Int
    var matrix: NumberBuffer<Scalar>
    var projections: NumberBuffer<Scalar>
    var meanSquare: Double

    /// Names them.
    public init(
      count: Int, matrix: NumberBuffer<Scalar>, projections: NumberBuffer<Scalar>, meanSquare: Double
    ) {
      self.count = count
      self.matrix = matrix
      self.projections = projections
      self.meanSquare = meanSquare
    }
  }

  /// Makes the state before the first update; `start` is W₀X (units, padded N).
  public init(
    _ kernels: Kernels<Scalar>, units: Int, examples: Examples, start: NumberBuffer<Scalar>, step: OptimizerStep,
    biasGradients: NumberBuffer<Scalar>
  ) {
    self.kernels = kernels
    let stride = padded(examples.count, Scalar.self)
    sums = NumberBuffer(units * stride)
    means = NumberBuffer(units * 4)
    let (projected, changes) = (NumberBuffer<Scalar>(units * stride), NumberBuffer<Scalar>(units * stride))
    projected.base.update(from: start.base, count: units * stride)
    let velocities = step.momentum > 0 ? (0..<2).map { _ in NumberBuffer<Scalar>(units * stride) } : []
    active = .allocate(capacity: 32 * (stride + 16))
    let still = NumberBuffer<Double>((units + 7) / 8)
    state = .allocate(capacity: 1)
    state.initialize(to: cairn_gram())
    state.pointee.sizes.1 = Int32(units)
    state.pointee.count = Int64(examples.count)
    state.pointee.stride = Int64(stride)
    state.pointee.gram = UnsafeRawPointer(examples.matrix.base)
    state.pointee.projected = UnsafeMutableRawPointer(projected.base)
    state.pointee.changes = UnsafeMutableRawPointer(changes.base)
    state.pointee.active = active
    state.pointee.projections = UnsafeRawPointer(examples.projections.base)
    state.pointee.mean_square = examples.meanSquare
    state.pointee.sums = UnsafeMutableRawPointer(sums.base)
    state.pointee.velocity = velocities.first.map { UnsafeMutableRawPointer($0.base) }
    state.pointee.projected_velocity = velocities.last.map { UnsafeMutableRawPointer($0.base) }
    state.pointee.means = means.base
    state.pointee.share = 1
    state.pointee.step = step.number
    state.pointee.bias_gradients.0 = UnsafeMutableRawPointer(biasGradients.base)
    state.pointee.still = UnsafeMutableRawPointer(still.base).assumingMemoryBound(to: UInt8.self)
    kept = [examples.matrix, examples.projections, projected, changes, biasGradients, still] + velocities
  }

  deinit {
    state.deallocate()
    active.deallocate()
  }

  /// Writes W · X + b of examples that do not train, (units, outStride): `matrix` is their (N, width) part of the Gram
  /// matrix in panels of columns, `start` their W₀X. O(units · N · width).
  public func project(
    _ matrix: UnsafePointer<Scalar>, start: UnsafePointer<Scalar>, startStride: Int,
    projections: UnsafePointer<Scalar>, width: Int, biases: UnsafePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>, outStride: Int
  ) {
    kernels.table.pointee.gram_project(
      state, matrix, start, Int64(startStride), projections, Int64(width), biases, out, Int64(outStride))
  }

  /// Writes W · X + b of examples that train, (units, outStride): those at the places `chosen`, or all. O(units · width).
  public func outputs(
    _ chosen: [Int64]?, biases: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, outStride: Int
  ) {
    guard let chosen else {
      return kernels.table.pointee.gram_outputs(
        state, nil, state.pointee.count, nil, biases, out, Int64(outStride))
    }
    let projections = chosenProjections.flatMap { $0.count >= chosen.count ? $0 : nil } ?? NumberBuffer(chosen.count)
    chosenProjections = projections
    kernels.table.pointee.gram_outputs(
      state, chosen, Int64(chosen.count), projections.base, biases, out, Int64(outStride))
  }

  /// Takes in slopes by the pre-activations, (units, padded N), zero for examples outside the batch. False, and nothing is
  /// taken in, where `isCancelled` says so between blocks of units. O(units · N²), less by the share of slopes that are 0.
  public func learn(from deltas: UnsafePointer<Scalar>, isCancelled: () -> Bool) -> Bool {
    let units = Int(state.pointee.sizes.1)
    let block = max(1, Int(min(Double(units), Kernels<Scalar>.operationsBetweenLooks * Double(units) / operations)))
    for first in stride(from: 0, to: units, by: block) {
      if first > 0, isCancelled() { return false }
      kernels.table.pointee.gram_change(state, deltas, Int64(first), Int64(min(block, units - first)))
    }
    kernels.table.pointee.gram_learn(state, deltas)
    return true
  }

  /// Every layer of a network: numbers as `Kernels` has them, entry l of layer l.
  public struct Layers {
    /// Features, then the units of each layer.
    public var sizes: [Int]
    /// Of each hidden layer.
    public var activations: [ActivationKernel]
    /// Weights, gradients and velocities; those of layer 0 are not read.
    public var weights: [NumberBuffer<Scalar>]
    public var gradients: [NumberBuffer<Scalar>]
    public var velocities: [NumberBuffer<Scalar>]?
    /// Biases, gradients and velocities.
    public var biases: [NumberBuffer<Scalar>]
    public var biasGradients: [NumberBuffer<Scalar>]
    public var biasVelocities: [NumberBuffer<Scalar>]?
    /// Outputs and slopes by the pre-activations, (units, padded N).
    public var outputs: [NumberBuffer<Scalar>]
    public var deltas: [NumberBuffer<Scalar>]
    /// Of the examples that train.
    public var labels: LabelBuffer

    /// Names them.
    public init(
      sizes: [Int], activations: [ActivationKernel], weights: [NumberBuffer<Scalar>],
      gradients: [NumberBuffer<Scalar>], velocities: [NumberBuffer<Scalar>]?, biases: [NumberBuffer<Scalar>],
      biasGradients: [NumberBuffer<Scalar>], biasVelocities: [NumberBuffer<Scalar>]?,
      outputs: [NumberBuffer<Scalar>], deltas: [NumberBuffer<Scalar>], labels: LabelBuffer
    ) {
      self.sizes = sizes
      self.activations = activations
      self.weights = weights
      self.gradients = gradients
      self.velocities = velocities
      self.biases = biases
      self.biasGradients = biasGradients
      self.biasVelocities = biasVelocities
      self.outputs = outputs
      self.deltas = deltas
      self.labels = labels
    }
  }

  /// About how many operations an update by all examples takes in the first layer.
  public var operations: Double {
    2 * Double(state.pointee.sizes.1) * Double(state.pointee.count) * Double(state.pointee.count)
  }

  /// The most layers with weights that can be connected.
  public static var mostLayers: Int { 16 }

  /// Connects the layers, so that `train` makes whole updates; at most `mostLayers`.
  public func connect(_ layers: Layers) {
    let depth = layers.sizes.count - 1
    precondition(depth <= Self.mostLayers)
    state.pointee.depth = Int32(depth)
    state.pointee.labels = UnsafePointer(layers.labels.base)
    withUnsafeMutableBytes(of: &state.pointee.sizes) { bytes in
      let target = bytes.bindMemory(to: Int32.self)
      for (index, size) in layers.sizes.enumerated() { target[index] = Int32(size) }
    }
    withUnsafeMutableBytes(of: &state.pointee.activations) { bytes in
      let target = bytes.bindMemory(to: Int32.self)
      for (index, activation) in layers.activations.enumerated() { target[index] = activation.rawValue }
    }
    func point<Tuple>(_ tuple: inout Tuple, _ buffers: [NumberBuffer<Scalar>]?) {
      withUnsafeMutableBytes(of: &tuple) { bytes in
        let target = bytes.bindMemory(to: UnsafeMutableRawPointer?.self)
        for (index, buffer) in (buffers ?? []).enumerated() { target[index] = UnsafeMutableRawPointer(buffer.base) }
      }
      kept += buffers ?? []
    }
    point(&state.pointee.weights, layers.weights)
    point(&state.pointee.gradients, layers.gradients)
    point(&state.pointee.memories, layers.velocities)
    point(&state.pointee.biases, layers.biases)
    point(&state.pointee.bias_gradients, layers.biasGradients)
    point(&state.pointee.bias_memories, layers.biasVelocities)
    point(&state.pointee.outputs, layers.outputs)
    point(&state.pointee.deltas, layers.deltas)
    kept.append(layers.labels)
  }

  /// Makes up to `iterations` updates by all examples; gives how many were made before a logit ceased to be finite.
  ///
  /// `hasOutputs` says that the connected outputs belong to the weights as they are.
  public func train(_ iterations: Int, hasOutputs: Bool) -> Int {
    state.pointee.has_outputs = hasOutputs ? 1 : 0
    return Int(kernels.table.pointee.gram_train(state, Int64(iterations)))
  }
}
