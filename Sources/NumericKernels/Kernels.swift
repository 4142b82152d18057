import CKernels

/// What a layer does to its weighted sums, as kernels number it.
public enum ActivationKernel: Int32, Sendable { case relu = 0, sigmoid = 1, tanh = 2 }

/// What one update of an optimiser needs beside the numbers.
public struct OptimizerStep: Sendable {
  /// The step size.
  public var rate: Double
  /// The share of the last step that is kept (gradient descent).
  public var momentum: Double
  /// Times the weights, added to their gradient.
  public var decay: Double
  /// Adam's moments' powers β₁ᵗ and β₂ᵗ of this update; nil is gradient descent.
  public var adamPowers: (first: Double, second: Double)?

  /// Makes a step.
  public init(rate: Double, momentum: Double, decay: Double, adamPowers: (first: Double, second: Double)? = nil) {
    self.rate = rate
    self.momentum = momentum
    self.decay = decay
    self.adamPowers = adamPowers
  }

  /// Adam's 1 / (1 − β₁ᵗ).
  var firstScale: Double { adamPowers.map { 1 / (1 - $0.first) } ?? 1 }
  /// Adam's 1 / √(1 − β₂ᵗ).
  var secondRootScale: Double { adamPowers.map { 1 / (1 - $0.second).squareRoot() } ?? 1 }

  var number: cairn_step {
    cairn_step(
      rate: rate, momentum: momentum, decay: decay, adam: adamPowers == nil ? 0 : 1, first_scale: firstScale,
      second_root_scale: secondRootScale)
  }
}

/// The kernels of one instruction set for one number type.
///
/// All matrices are row-major, each row aligned to 64 bytes and padded to whole lanes, unless a view says otherwise.
/// `@unchecked Sendable`: the table is constant data of the program.
public struct Kernels<Scalar: KernelScalar>: @unchecked Sendable {
  /// Whose kernels these are.
  public let instructionSet: InstructionSet
  let table: UnsafePointer<cairn_kernels>

  init(_ set: InstructionSet, _ table: UnsafePointer<cairn_kernels>?) {
    guard let table else { preconditionFailure("this machine lacks \(set.rawValue)") }
    instructionSet = set
    self.table = table
  }

  /// The kernels in use.
  public static var current: Kernels { Scalar.kernels(.current) }

  /// The most operations between two looks for cancellation: a fraction of 50 ms on the slowest machine.
  public static var operationsBetweenLooks: Double { 5e8 }

  /// out (rows, width) = a (rows, depth) · b (depth, width), starting from `initial` (a number a row) or zeros.
  ///
  /// False where `isCancelled` says so between blocks of rows.
  @discardableResult
  public func multiply(
    _ a: StridedView<Scalar>, _ b: PanelView<Scalar>, initial: UnsafePointer<Scalar>? = nil,
    into out: UnsafeMutablePointer<Scalar>, outStride: Int, rows: Int, depth: Int, width: Int,
    isCancelled: (() -> Bool)? = nil
  ) -> Bool {
    let perRow = max(1, 2 * Double(depth) * Double(width))
    let block = isCancelled == nil ? rows : min(rows, max(1, Int(Self.operationsBetweenLooks / perRow)))
    var row = 0
    repeat {
      let count = min(block, rows - row)
      if row > 0, isCancelled?() == true { return false }
      table.pointee.product(
        a.base + row * a.rowStride, Int64(a.rowStride), Int64(a.columnStride), b.base, Int64(b.rowStride),
        Int64(b.panelStride), initial.map { $0 + row }, out + row * outStride, Int64(outStride), Int64(count),
        Int64(depth), Int64(width))
      row += count
    } while row < rows
    return true
  }

  /// out (rows, columns) = a (rows, count) · bᵀ of b (columns, count), by virtual lanes; a is zero from `count` on.
  public func multiplyRows(
    _ a: UnsafePointer<Scalar>, stride: Int, rows: Int, by b: UnsafePointer<Scalar>, stride other: Int, columns: Int,
    count: Int, into out: UnsafeMutablePointer<Scalar>, outStride: Int
  ) {
    table.pointee.row_products(
      a, Int64(stride), Int64(rows), b, Int64(other), Int64(columns), Int64(count), out, Int64(outStride))
  }

  /// out (rows) = the sum of each row of a (rows, count), by virtual lanes; a is zero from `count` on.
  public func sumRows(
    _ a: UnsafePointer<Scalar>, stride: Int, rows: Int, count: Int, into out: UnsafeMutablePointer<Scalar>
  ) {
    table.pointee.row_sums(a, Int64(stride), Int64(rows), Int64(count), out)
  }

  /// Applies an activation in place to `count` numbers, whole lanes.
  public func activate(_ numbers: UnsafeMutablePointer<Scalar>, count: Int, _ activation: ActivationKernel) {
    table.pointee.activate(numbers, Int64(count), activation.rawValue)
  }

  /// Multiplies slopes by those of an activation, given its outputs (after the dropout mask, if any).
  public func differentiate(
    _ deltas: UnsafeMutablePointer<Scalar>, outputs: UnsafePointer<Scalar>, mask: UnsafePointer<Scalar>?, count: Int,
    _ activation: ActivationKernel
  ) {
    table.pointee.differentiate(deltas, outputs, mask, Int64(count), activation.rawValue)
  }

  /// Multiplies `count` numbers, whole lanes, by others.
  public func multiply(_ numbers: UnsafeMutablePointer<Scalar>, by factors: UnsafePointer<Scalar>, count: Int) {
    table.pointee.multiply(numbers, factors, Int64(count))
  }

  /// The slopes of the mean cross-entropy by the logits (outputs, stride); one output is a sigmoid unit, more a softmax.
  ///
  /// The mean is over `examples`, where these are a part of more; else over the labels.
  public func crossEntropySlopes(
    _ logits: UnsafePointer<Scalar>, stride: Int, outputs: Int, labels: LabelBuffer, of examples: Int? = nil,
    into deltas: UnsafeMutablePointer<Scalar>
  ) {
    table.pointee.delta(
      logits, Int64(stride), Int64(outputs), Int64(labels.count), Int64(examples ?? labels.count), labels.base, deltas)
  }

  /// Whether all logits (outputs, stride) of `count` examples are finite.
  public func areFinite(_ logits: UnsafePointer<Scalar>, stride: Int, outputs: Int, count: Int) -> Bool {
    table.pointee.finite(logits, Int64(stride), Int64(outputs), Int64(count)) != 0
  }

  /// The sum of the cross-entropies of logits (outputs, stride), in double precision, and how many classes are right.
  public func crossEntropy(
    _ logits: UnsafePointer<Scalar>, stride: Int, outputs: Int, labels: LabelBuffer
  ) -> (sum: Double, right: Int) {
    var right: Int64 = 0
    let sum = table.pointee.loss(
      logits, Int64(stride), Int64(outputs), Int64(labels.count), labels.base, &right)
    return (sum, Int(right))
  }

  /// Changes `count` weights, whole lanes, by one update; `first` and `second` are the optimiser's memory.
  public func step(
    _ step: OptimizerStep, _ weights: UnsafeMutablePointer<Scalar>, by gradient: UnsafePointer<Scalar>,
    first: UnsafeMutablePointer<Scalar>?, second: UnsafeMutablePointer<Scalar>?, count: Int
  ) {
    var number = step.number
    table.pointee.step(&number, weights, gradient, first, second, Int64(count))
  }

  /// Packs rows of `source` that `rows` names: copied one after the other (count, columns), and transposed
  /// (columns, count); all in panels of whole lanes, a source panel holding `sourceRows` rows.
  public func gather(
    _ source: UnsafePointer<Scalar>, sourceRows: Int, rows: [Int64], columns: Int,
    copies: UnsafeMutablePointer<Scalar>?, transposed: UnsafeMutablePointer<Scalar>
  ) {
    rows.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return }
      table.pointee.gather(
        source, Int64(sourceRows * Scalar.Lanes.scalarCount), base, Int64($0.count), Int64(columns), copies,
        transposed)
    }
  }
}
