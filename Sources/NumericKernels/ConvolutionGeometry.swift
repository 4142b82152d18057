import CKernels

/// Where a convolution reads and writes: a place has a row of `width` numbers, one an example, padded to whole lanes.
///
/// `@unchecked Sendable`: the buffer behind `offsets` is filled before it is shared, and only read.
public struct ConvolutionGeometry: @unchecked Sendable {
  /// What a filter sees, from the place on that it begins at, in numbers.
  public let offsets: OffsetBuffer
  /// From a filter's weights to the next one's, in numbers.
  public var stride: Int
  /// Rows of places that are written, and places in a row.
  public var rows: Int
  public var places: Int
  /// Numbers of a place, whole lanes.
  public var width: Int
  /// From a written row or place to the next: what is read there begins this many numbers further.
  public var inRow: Int
  public var inStep: Int
  /// The same in what is written.
  public var outRow: Int
  public var outStep: Int
  /// From what a filter writes to what the next writes.
  public var outPlane: Int

  /// Names all distances.
  public init(
    offsets: OffsetBuffer, stride: Int, rows: Int, places: Int, width: Int, inRow: Int, inStep: Int, outRow: Int,
    outStep: Int, outPlane: Int
  ) {
    self.offsets = offsets
    self.stride = stride
    self.rows = rows
    self.places = places
    self.width = width
    self.inRow = inRow
    self.inStep = inStep
    self.outRow = outRow
    self.outStep = outStep
    self.outPlane = outPlane
  }

  func number(_ depth: Range<Int>, rows: Int) -> cairn_convolution {
    cairn_convolution(
      depth: Int64(depth.count), offsets: offsets.base + depth.lowerBound, stride: Int64(stride), rows: Int64(rows),
      places: Int64(places), width: Int64(width), in_row: Int64(inRow), in_step: Int64(inStep),
      out_row: Int64(outRow), out_step: Int64(outStep), out_plane: Int64(outPlane))
  }
}

/// Where pooling reads and writes a row of places; distances as in `ConvolutionGeometry`.
public struct PoolingGeometry: Sendable {
  /// The side of the squares that become one place.
  public var side: Int
  public var places: Int
  public var width: Int
  /// Between two rows and two places of what is read.
  public var inRow: Int
  public var inStep: Int
  public var outStep: Int
  /// Whether the largest number is taken, and not the mean.
  public var takesLargest: Bool

  /// Names all distances.
  public init(side: Int, places: Int, width: Int, inRow: Int, inStep: Int, outStep: Int, takesLargest: Bool) {
    self.side = side
    self.places = places
    self.width = width
    self.inRow = inRow
    self.inStep = inStep
    self.outStep = outStep
    self.takesLargest = takesLargest
  }

  var number: cairn_pool {
    cairn_pool(
      side: Int64(side), places: Int64(places), width: Int64(width), in_row: Int64(inRow), in_step: Int64(inStep),
      out_step: Int64(outStep), largest: takesLargest ? 1 : 0)
  }
}

/// Distances in memory of their own.
///
/// `@unchecked Sendable`: filled by the one thread that makes it, and then only read.
public final class OffsetBuffer: @unchecked Sendable {
  let base: UnsafeMutablePointer<Int64>
  /// How many there are.
  public let count: Int

  /// Makes a buffer of these distances.
  public init(_ offsets: [Int]) {
    count = offsets.count
    base = .allocate(capacity: max(1, count))
    for (index, offset) in offsets.enumerated() { (base + index).initialize(to: Int64(offset)) }
  }

  deinit { base.deallocate() }
}
