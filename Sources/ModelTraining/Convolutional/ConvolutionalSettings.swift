import SearchSpace

/// What is beyond the edge of a picture.
enum Padding: String, CaseIterable, Sendable {
  /// Nothing: a filter stays inside.
  case valid
  /// Zeros, so that a picture keeps its size, divided by the stride.
  case same
}

/// How a square of outputs becomes one.
enum Pooling: String, CaseIterable, Sendable { case average, max }

/// The settings of one training, read from an assignment.
struct ConvolutionalSettings: Sendable {
  /// The most convolutions.
  static let mostConvolutions = 4
  /// LeNet-5's, where an assignment does not name them.
  static let standardConvolutions = 2

  /// One convolution, its activation, and the pooling behind it.
  struct Convolution: Sendable {
    var filters: Int
    /// The side of a filter.
    var kernel: Int
    /// How far apart its places are.
    var stride: Int
    /// The side of the squares that become one place; 0 and 1 leave the places as they are.
    var pool: Int
    var activation: Activation
  }

  var convolutions: [Convolution]
  var padding: Padding
  var pooling: Pooling
  /// The fully connected layers, and how all layers are trained.
  var dense: PerceptronSettings

  /// Reads settings that validation has found whole.
  init(_ settings: [String: ParameterValue]) {
    func integer(_ name: String, _ standard: Int) -> Int { settings[name]?.number.map { Int($0) } ?? standard }
    func text(_ name: String) -> String? {
      if case .string(let text)? = settings[name] { return text }
      return nil
    }
    let count = integer("convolutions", Self.standardConvolutions)
    convolutions = (1...Swift.max(count, 1)).map {
      Convolution(
        filters: integer("filters_\($0)", 1), kernel: integer("kernel_\($0)", 1), stride: integer("stride_\($0)", 1),
        pool: integer("pool_\($0)", 0),
        activation: (text("activation_\($0)") ?? text("activation")).flatMap(Activation.init) ?? .relu)
    }
    padding = text("padding").flatMap(Padding.init) ?? .valid
    pooling = text("pooling").flatMap(Pooling.init) ?? .average
    dense = PerceptronSettings(settings, activationsAfter: count)
  }
}
