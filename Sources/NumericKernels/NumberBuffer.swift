/// Numbers in memory of their own, aligned to 64 bytes, zero at first.
///
/// `@unchecked Sendable`: a buffer is filled by the one thread that made it, and shared only to be read.
public final class NumberBuffer<Scalar: KernelScalar>: @unchecked Sendable {
  /// The first of the numbers.
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

  /// Makes a buffer of these numbers.
  public convenience init(_ numbers: [Scalar]) {
    self.init(numbers.count)
    for (index, number) in numbers.enumerated() { base[index] = number }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// Sets every number to zero.
  public func clear() { base.update(repeating: 0, count: count) }
}

/// Classes of examples, followed by zeros up to whole lanes of any number type.
///
/// `@unchecked Sendable`: as `NumberBuffer`.
public final class LabelBuffer: @unchecked Sendable {
  /// The first of the classes.
  public let base: UnsafeMutablePointer<Int32>
  /// How many there are.
  public let count: Int

  /// Makes a buffer of these classes.
  public init(_ labels: [Int]) {
    count = labels.count
    let room = (count + 15) / 16 * 16 + 16
    base = .allocate(capacity: room)
    base.initialize(repeating: 0, count: room)
    for (index, label) in labels.enumerated() { base[index] = Int32(label) }
  }

  deinit { base.deallocate() }
}
