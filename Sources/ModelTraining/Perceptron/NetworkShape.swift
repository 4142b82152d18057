/// The sizes of a multi-layer perceptron: inputs, hidden units, outputs.
struct NetworkShape: Sendable, Hashable {
  /// Features, then the units of each hidden layer, then outputs (1 for two classes, else one a class).
  var sizes: [Int]

  init(features: Int, units: [Int], classes: Int) { sizes = [features] + units + [classes == 2 ? 1 : classes] }

  /// How many layers have weights.
  var depth: Int { sizes.count - 1 }
  var outputs: Int { sizes[depth] }
}
