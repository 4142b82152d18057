/// A matrix (rows, width) whose columns lie in panels of whole lanes.
///
/// Number (k, m) is at `base[m / lanes * panelStride + k * rowStride + m % lanes]`: row-major where `panelStride` is
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

/// A matrix (rows, width) with any strides; number (u, k) is at `base[u * rowStride + k * columnStride]`.
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
