/// What a file keeps of a network: texts and tensors by name.
public struct StoredNetwork: Sendable, Hashable {
  /// What is not numbers: the layers' kinds, activations, strides and the like. A list is written as JSON.
  public var settings: [String: String]
  /// The numbers, such as `layers.0.weight`.
  public var tensors: [String: StoredTensor]

  /// Names what is kept.
  public init(settings: [String: String] = [:], tensors: [String: StoredTensor] = [:]) {
    self.settings = settings
    self.tensors = tensors
  }
}

/// Numbers in row-major order; their count is the product of the shape.
public struct StoredTensor: Sendable, Hashable {
  /// What the numbers are kept in.
  public var precision: Precision
  /// The lengths, the slowest first.
  public var shape: [Int]
  public var numbers: [Double]

  /// Makes a tensor; the numbers fill the shape.
  public init(precision: Precision, shape: [Int], numbers: [Double]) {
    self.precision = precision
    self.shape = shape
    self.numbers = numbers
  }
}
