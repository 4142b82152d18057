import NumericKernels

/// Every kind of model that a definition can name.
public enum ModelCatalogue {
  /// Raised by any change of the arithmetic's bits: results of different numbers are not compared or shared.
  ///
  /// Odd where products and sums are fused, which is nearly everywhere; one more on an x86-64 machine that cannot.
  public static let numerics = InstructionSet.current.isFused ? 5 : 6

  /// The models, in the order listed to people.
  public static let all: [any TrainableModel.Type] = [MultilayerPerceptron.self, ConvolutionalModel.self]

  /// The model of a kind, or nil.
  public static func named(_ kind: String) -> (any TrainableModel.Type)? { all.first { $0.kind == kind } }
}
