/// A number type that kernels exist for, with the vector that they keep in registers.
public protocol KernelScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// The lanes of one panel: 16 of single, 8 of double precision (64 bytes).
  associatedtype Lanes: SIMD where Lanes.Scalar == Self
}

extension Float: KernelScalar {
  public typealias Lanes = SIMD16<Float>
}

extension Double: KernelScalar {
  public typealias Lanes = SIMD8<Double>
}

/// Numbers in memory of their own, aligned to 64 bytes, zero at first.
///
/// `@unchecked Sendable`: a buffer is filled by the one thread that made it, and shared only to be read.
public final class NumberBuffer<Scalar: KernelScalar>: @unchecked Sendable {
  /// Where the numbers stand.
  public let base: UnsafeMutablePointer<Scalar>
  /// How many there are, a multiple of the lanes.
  public let count: Int

  /// Makes a buffer of at least `count` numbers.
  public init(_ count: Int) {
    let lanes = Scalar.Lanes.scalarCount
    self.count = max(1, (count + lanes - 1) / lanes) * lanes
    let bytes = self.count * MemoryLayout<Scalar>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.bindMemory(to: Scalar.self, capacity: self.count)
    base.initialize(repeating: 0, count: self.count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// Sets every number to zero.
  public func clear() { base.update(repeating: 0, count: count) }
}

/// Rounds a width up to whole lanes.
public func padded<Scalar: KernelScalar>(_ width: Int, _ type: Scalar.Type) -> Int {
  let lanes = Scalar.Lanes.scalarCount
  return (width + lanes - 1) / lanes * lanes
}
