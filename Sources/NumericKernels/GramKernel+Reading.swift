/// What the weights of a first layer trained in the space of the examples can be rebuilt from, in double precision.
public struct GramReading: Sendable {
  /// a in W = a · W₀ − S · Xᵀ.
  public var share: Double
  /// S, (units, N).
  public var sums: [[Double]]
  /// For each unit Σₖ Sₖ as it was kept beside S.
  public var totals: [Double]
  /// For each unit Σₖ Sₖ pₖ as it was kept beside S.
  public var projections: [Double]
}

extension GramKernel {
  /// The current state. O(units · N).
  public var reading: GramReading {
    let (units, count, stride) = (
      Int(state.pointee.sizes.1), Int(state.pointee.count), Int(state.pointee.stride)
    )
    return GramReading(
      share: state.pointee.share,
      sums: (0..<units).map { unit in (0..<count).map { Double(sums.base[unit * stride + $0]) } },
      totals: (0..<units).map { means.base[4 * $0] }, projections: (0..<units).map { means.base[4 * $0 + 1] })
  }
}
