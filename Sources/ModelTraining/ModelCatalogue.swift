/// Every kind of model that a definition can name.
public enum ModelCatalogue {
  /// Raised by any change of the arithmetic's bits: results of different numbers are not compared or shared.
  public static let numerics = 2

  /// The models, in the order listed to people.
  public static let all: [any TrainableModel.Type] = [MultilayerPerceptron.self]

  /// The model of a kind, or nil.
  public static func named(_ kind: String) -> (any TrainableModel.Type)? { all.first { $0.kind == kind } }
}
