import NumericKernels

/// The arithmetic of a training.
public enum Precision: String, CaseIterable, Sendable {
  /// Single precision.
  case single = "float32"
  /// Double precision.
  case double = "float64"

  /// That of a number type.
  init<Scalar: KernelScalar>(of type: Scalar.Type) { self = type == Double.self ? .double : .single }

  /// Bytes of one number.
  public var bytes: Int { self == .double ? 8 : 4 }
}
