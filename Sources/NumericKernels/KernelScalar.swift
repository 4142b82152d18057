import CKernels

/// A number type that kernels exist for, with the vector that holds its virtual lanes.
public protocol KernelScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// The lanes of one panel: 16 of single, 8 of double precision (64 bytes).
  associatedtype Lanes: SIMD where Lanes.Scalar == Self

  /// The kernels of an instruction set that this machine has.
  static func kernels(_ set: InstructionSet) -> Kernels<Self>
}

extension Float: KernelScalar {
  public typealias Lanes = SIMD16<Float>

  public static func kernels(_ set: InstructionSet) -> Kernels<Float> {
    Kernels(set, cairn_kernels_single(set.number))
  }
}

extension Double: KernelScalar {
  public typealias Lanes = SIMD8<Double>

  public static func kernels(_ set: InstructionSet) -> Kernels<Double> {
    Kernels(set, cairn_kernels_double(set.number))
  }
}

/// Rounds a width up to whole lanes.
public func padded<Scalar: KernelScalar>(_ width: Int, _ type: Scalar.Type) -> Int {
  let lanes = Scalar.Lanes.scalarCount
  return (width + lanes - 1) / lanes * lanes
}
