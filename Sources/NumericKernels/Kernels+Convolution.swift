import CKernels

/// Convolutions and pooling; every call that may be long looks for cancellation between its parts, and is false then.
extension Kernels {
  /// out = biases + what each of `filters` makes of what it sees, (filters, rows, places), each sum in index order.
  public func convolve(
    _ geometry: ConvolutionGeometry, weights: UnsafePointer<Scalar>, biases: UnsafePointer<Scalar>, filters: Int,
    from input: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, isCancelled: () -> Bool
  ) -> Bool {
    var number = geometry.number(0..<geometry.offsets.count, rows: 1)
    return Self.inParts(
      filters, perPart: geometry.operations(rows: geometry.rows), isCancelled: isCancelled
    ) { part in
      for row in 0..<geometry.rows {
        table.pointee.convolve(
          &number, weights + part.lowerBound * geometry.stride, biases + part.lowerBound, Int64(part.count),
          input + row * geometry.inRow, out + part.lowerBound * geometry.outPlane + row * geometry.outRow)
      }
    }
  }

  /// Adds to the slopes by what was read those of deltas (filters, rows, places), place by place and filter by filter;
  /// `weights` are transposed, (depth, stride).
  public func convolveBack(
    _ geometry: ConvolutionGeometry, weights: UnsafePointer<Scalar>, stride: Int, filters: Int,
    deltas: UnsafePointer<Scalar>, onto slopes: UnsafeMutablePointer<Scalar>, isCancelled: () -> Bool
  ) -> Bool {
    var number = geometry.number(0..<geometry.offsets.count, rows: 1)
    return Self.inParts(
      geometry.rows, perPart: geometry.operations(rows: 1) * Double(filters), isCancelled: isCancelled
    ) { part in
      for row in part {
        table.pointee.convolve_back(
          &number, weights, Int64(stride), Int64(filters), deltas + row * geometry.outRow,
          slopes + row * geometry.inRow)
      }
    }
  }

  /// The slopes by weights and biases, by virtual lanes over rows, places and examples.
  ///
  /// `lanes` has room for a panel for each weight, which lets large pictures be worked on by few rows at a time; nil: by all.
  public func convolveWeights(
    _ geometry: ConvolutionGeometry, deltas: UnsafePointer<Scalar>, filters: Int, input: UnsafePointer<Scalar>,
    weights: UnsafeMutablePointer<Scalar>, biases: UnsafeMutablePointer<Scalar>,
    lanes: UnsafeMutablePointer<Scalar>? = nil, isCancelled: () -> Bool
  ) -> Bool {
    let depth = geometry.offsets.count
    var whole = geometry.number(0..<depth, rows: geometry.rows)
    table.pointee.plane_sums(&whole, deltas, Int64(filters), biases)
    let perNumber = geometry.operations(rows: geometry.rows) / Double(depth)
    return Self.inParts(depth, perPart: perNumber * Double(filters), isCancelled: isCancelled) { part in
      var number = geometry.number(part, rows: geometry.rows)
      table.pointee.convolve_weights(
        &number, deltas, Int64(filters), input, weights + part.lowerBound, lanes)
    }
  }

  /// Pools a row of places.
  public func pool(_ geometry: PoolingGeometry, _ input: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>)
  {
    var number = geometry.number
    table.pointee.pool(&number, input, out)
  }

  /// The slopes by what was pooled, of a row of places.
  public func poolBack(
    _ geometry: PoolingGeometry, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    deltas: UnsafePointer<Scalar>, into slopes: UnsafeMutablePointer<Scalar>
  ) {
    var number = geometry.number
    table.pointee.pool_back(&number, input, output, deltas, slopes)
  }

  /// The rows of `source` (rows, stride) that `rows` names, transposed: number c of row r goes to `places[c] + r`; zero
  /// beyond the last row, up to whole lanes.
  public func place(
    _ source: UnsafePointer<Scalar>, stride: Int, rows: [Int64], at places: OffsetBuffer,
    into target: UnsafeMutablePointer<Scalar>
  ) {
    rows.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return }
      table.pointee.place(
        source, Int64(stride), base, Int64($0.count), places.base, Int64(places.count), target)
    }
  }

  /// Works on `count` things, in as few parts as still let cancellation be seen in time.
  private static func inParts(
    _ count: Int, perPart operations: Double, isCancelled: () -> Bool, _ body: (Range<Int>) -> Void
  ) -> Bool {
    let most = max(1, Int(min(operationsBetweenLooks / max(1, operations), Double(count))))
    for first in stride(from: 0, to: count, by: most) {
      if first > 0, isCancelled() { return false }
      body(first..<min(first + most, count))
    }
    return true
  }
}

extension ConvolutionGeometry {
  /// What one filter takes for some rows, in floating-point operations.
  fileprivate func operations(rows: Int) -> Double {
    2 * Double(offsets.count) * Double(rows) * Double(places) * Double(width)
  }
}
