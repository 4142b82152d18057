/// A matrix (rows, width) whose columns lie in panels of whole lanes.
///
/// Number (k, m) stands at `base[m / lanes * panelStride + k * rowStride + m % lanes]`: row-major where `panelStride` is
/// the lanes, packed panel by panel where `rowStride` is.
public struct PanelView<Scalar: KernelScalar> {
  public let base: UnsafePointer<Scalar>
  public let rowStride: Int
  public let panelStride: Int

  /// Makes a view; `base` and both strides are multiples of the lanes.
  @inlinable
  public init(base: UnsafePointer<Scalar>, rowStride: Int, panelStride: Int) {
    self.base = base
    self.rowStride = rowStride
    self.panelStride = panelStride
  }
}

/// A matrix (rows, width) with any strides; number (u, k) stands at `base[u * rowStride + k * columnStride]`.
public struct StridedView<Scalar: KernelScalar> {
  public let base: UnsafePointer<Scalar>
  public let rowStride: Int
  public let columnStride: Int

  /// Makes a view.
  @inlinable
  public init(base: UnsafePointer<Scalar>, rowStride: Int, columnStride: Int) {
    self.base = base
    self.rowStride = rowStride
    self.columnStride = columnStride
  }
}

/// Matrix products whose every output is summed in index order by separate multiply and add, so that the bits do not
/// depend on how the work is cut.
public enum Product {
  /// out (rows, width) = a (rows, depth) · b (depth, width); `out` is row-major with `outStride`, padded to whole lanes.
  ///
  /// Lanes lie along the outputs; two rows and one panel are kept in registers. O(rows · depth · width).
  @inlinable
  public static func multiply<Scalar: KernelScalar>(
    _ a: StridedView<Scalar>, _ b: PanelView<Scalar>, into out: UnsafeMutablePointer<Scalar>, outStride: Int,
    rows: Int, depth: Int, width: Int
  ) {
    let lanes = Scalar.Lanes.scalarCount
    for panel in 0..<(width + lanes - 1) / lanes {
      let column = UnsafeRawPointer(b.base + panel * b.panelStride)
      let step = b.rowStride * MemoryLayout<Scalar>.stride
      var row = 0
      while row + 2 <= rows {
        var first = Scalar.Lanes(repeating: 0)
        var second = Scalar.Lanes(repeating: 0)
        var source = column
        var left = a.base + row * a.rowStride
        let other = a.rowStride
        for _ in 0..<depth {
          let values = source.load(as: Scalar.Lanes.self)
          first = add(first, multiply(values, left[0]))
          second = add(second, multiply(values, left[other]))
          source += step
          left += a.columnStride
        }
        store(first, out + row * outStride + panel * lanes)
        store(second, out + (row + 1) * outStride + panel * lanes)
        row += 2
      }
      if row < rows {
        var sum = Scalar.Lanes(repeating: 0)
        var source = column
        var left = a.base + row * a.rowStride
        for _ in 0..<depth {
          sum = add(sum, multiply(source.load(as: Scalar.Lanes.self), left[0]))
          source += step
          left += a.columnStride
        }
        store(sum, out + row * outStride + panel * lanes)
      }
    }
  }

  /// The same product one number at a time: what every fast kernel must equal, bit for bit.
  public static func multiplyNaively<Scalar: KernelScalar>(
    _ a: StridedView<Scalar>, _ b: PanelView<Scalar>, into out: UnsafeMutablePointer<Scalar>, outStride: Int,
    rows: Int, depth: Int, width: Int
  ) {
    let lanes = Scalar.Lanes.scalarCount
    for row in 0..<rows {
      for column in 0..<width {
        var sum: Scalar = 0
        for k in 0..<depth {
          let right = b.base[column / lanes * b.panelStride + k * b.rowStride + column % lanes]
          let product = a.base[row * a.rowStride + k * a.columnStride] * right
          sum = sum + product
        }
        out[row * outStride + column] = sum
      }
    }
  }

  @inlinable @inline(__always)
  static func store<Lanes: SIMD>(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Lanes.Scalar>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: Lanes.self)
  }

  @inlinable @inline(__always)
  static func multiply<Lanes: SIMD>(_ a: Lanes, _ b: Lanes.Scalar) -> Lanes where Lanes.Scalar: FloatingPoint { a * b }

  @inlinable @inline(__always)
  static func add<Lanes: SIMD>(_ a: Lanes, _ b: Lanes) -> Lanes where Lanes.Scalar: FloatingPoint { a + b }
}

/// Sums of many numbers: virtual lanes that take every 16th number (8th in double), then one fixed tree.
public enum Reduction {
  /// The sum of `count` numbers. O(count).
  @inlinable
  public static func sum<Scalar: KernelScalar>(_ base: UnsafePointer<Scalar>, count: Int) -> Scalar {
    let lanes = Scalar.Lanes.scalarCount
    var partial = Scalar.Lanes(repeating: 0)
    for index in 0..<count { partial[index % lanes] = partial[index % lanes] + base[index] }
    return tree(partial)
  }

  /// The sum of lanes: the upper half onto the lower, until one is left.
  @inlinable
  public static func tree<Lanes: SIMD>(_ lanes: Lanes) -> Lanes.Scalar where Lanes.Scalar: FloatingPoint {
    var partial = lanes
    var width = Lanes.scalarCount / 2
    while width > 0 {
      for lane in 0..<width { partial[lane] = partial[lane] + partial[lane + width] }
      width /= 2
    }
    return partial[0]
  }

  /// The sum of an array.
  public static func sum(_ numbers: [Double]) -> Double {
    numbers.withUnsafeBufferPointer { $0.baseAddress.map { sum($0, count: numbers.count) } ?? 0 }
  }
}
