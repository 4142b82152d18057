import CKernels

extension Kernels {
  /// One row of first weights: inputs 2i and 2i + 1 are `deviation` times the two normals of counter (i, unit, layer,
  /// purpose).
  public func normals(
    _ draw: KeyedDraw, unit: Int, layer: Int, purpose: UInt32, deviation: Double,
    into row: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    table.pointee.normals(
      draw.key.0, draw.key.1, UInt32(unit), UInt32(layer), purpose, deviation, row, Int64(count))
  }

  /// One row of a dropout mask: `scale` where word e % 4 of counter (e / 4, unit, iteration, purpose) is at least
  /// share · 2³², else 0; e is the example at that place.
  public func mask(
    _ draw: KeyedDraw, unit: Int, iteration: Int, purpose: UInt32, dropping share: Double, examples: [Int64]?,
    count: Int, into row: UnsafeMutablePointer<Scalar>
  ) {
    func fill(_ examples: UnsafePointer<Int64>?) {
      table.pointee.mask(
        draw.key.0, draw.key.1, UInt32(unit), UInt32(truncatingIfNeeded: iteration), purpose, share * 0x1p32,
        1 / (1 - share), examples, Int64(count), row)
    }
    if let examples { examples.withUnsafeBufferPointer { fill($0.baseAddress) } } else { fill(nil) }
  }
}
