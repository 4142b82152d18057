/// Convolution and pooling of one chunk of examples, one number at a time: what the fast kernels must equal, bit for bit.
///
/// Everything is (channels, rows, columns, examples), as nested lists.
public struct NaiveConvolution<Scalar: KernelScalar>: Sendable {
  /// One picture of every channel, with an example's numbers at each place.
  public typealias Planes = [[[[Scalar]]]]

  let arithmetic: NaiveArithmetic<Scalar>
  /// The side of a filter, the distance of its places, and the empty places before the first row and column.
  let kernel: Int
  let stride: Int
  let before: Int

  /// Makes a convolution.
  public init(_ arithmetic: NaiveArithmetic<Scalar>, kernel: Int, stride: Int, before: Int) {
    self.arithmetic = arithmetic
    self.kernel = kernel
    self.stride = stride
    self.before = before
  }

  /// What a filter sees from a place: (channel, row, column) of each of its numbers, in index order; nil beyond the edge.
  private func seen(_ planes: Planes, _ y: Int, _ x: Int) -> [(channel: Int, y: Int, x: Int, isInside: Bool)] {
    planes.indices.flatMap { channel in
      (0..<kernel * kernel).map { place in
        let (row, column) = (y * stride + place / kernel - before, x * stride + place % kernel - before)
        let isInside = planes[channel].indices.contains(row) && planes[channel][0].indices.contains(column)
        return (channel, row, column, isInside)
      }
    }
  }

  /// b + Σₖ wₖ xₖ in index order; places beyond the edge count as zeros.
  public func forward(
    _ planes: Planes, weights: [[Scalar]], biases: [Scalar], height: Int, width: Int
  ) -> Planes {
    let examples = planes[0][0][0].count
    return weights.indices.map { filter in
      (0..<height).map { y in
        (0..<width).map { x in
          let places = seen(planes, y, x)
          return (0..<examples).map { example in
            places.enumerated().reduce(biases[filter]) { sum, place in
              let value =
                place.element.isInside ? planes[place.element.channel][place.element.y][place.element.x][example] : 0
              return arithmetic.fma(weights[filter][place.offset], value, sum)
            }
          }
        }
      }
    }
  }

  /// The slopes by what is read: place by place, number by number, the filters in index order.
  public func back(_ planes: Planes, weights: [[Scalar]], deltas: Planes) -> Planes {
    var slopes = planes.map { $0.map { $0.map { $0.map { _ in Scalar.zero } } } }
    for y in deltas[0].indices {
      for x in deltas[0][0].indices {
        for (k, place) in seen(planes, y, x).enumerated() where place.isInside {
          for example in deltas[0][0][0].indices {
            slopes[place.channel][place.y][place.x][example] = weights.indices.reduce(
              slopes[place.channel][place.y][place.x][example]
            ) { arithmetic.fma(weights[$1][k], deltas[$1][y][x][example], $0) }
          }
        }
      }
    }
    return slopes
  }

  /// The slopes by the weights, (filters, depth): virtual lanes take every 16th example (8th in double) of each place, row
  /// by row, then one tree.
  public func weightSlopes(_ planes: Planes, deltas: Planes) -> [[Scalar]] {
    let lanes = Scalar.Lanes.scalarCount
    let all = deltas[0].indices.map { y in deltas[0][y].indices.map { seen(planes, y, $0) } }
    return deltas.map { plane in
      (0..<planes.count * kernel * kernel).map { k in
        var sums = [Scalar](repeating: 0, count: lanes)
        for y in plane.indices {
          for x in plane[y].indices {
            let place = all[y][x][k]
            for (example, delta) in plane[y][x].enumerated() {
              let value = place.isInside ? planes[place.channel][place.y][place.x][example] : 0
              sums[example % lanes] = arithmetic.fma(delta, value, sums[example % lanes])
            }
          }
        }
        return arithmetic.tree(sums)
      }
    }
  }

  /// The slopes by the biases: the same sums without a factor.
  public func biasSlopes(_ deltas: Planes) -> [Scalar] {
    let lanes = Scalar.Lanes.scalarCount
    return deltas.map { plane in
      var sums = [Scalar](repeating: 0, count: lanes)
      for numbers in plane.joined() {
        for (example, delta) in numbers.enumerated() { sums[example % lanes] = sums[example % lanes] + delta }
      }
      return arithmetic.tree(sums)
    }
  }

  /// Squares of `side` become one place: their mean, or their largest number; what no whole square holds is left out.
  public static func pooled(_ planes: Planes, side: Int, takesLargest: Bool) -> Planes {
    planes.map { plane in
      (0..<plane.count / side).map { y in
        (0..<plane[0].count / side).map { x in
          plane[0][0].indices.map { example in
            let square = (0..<side * side).map { plane[y * side + $0 / side][x * side + $0 % side][example] }
            if takesLargest { return square.dropFirst().reduce(square[0]) { $1 > $0 || $1.isNaN ? $1 : $0 } }
            return square.dropFirst().reduce(square[0]) { $0 + $1 } * Scalar(1 / Double(side * side))
          }
        }
      }
    }
  }

  /// The slopes by what was pooled; of equal largest numbers the first has it all.
  public static func pooledBack(_ planes: Planes, deltas: Planes, side: Int, takesLargest: Bool) -> Planes {
    var slopes = planes.map { $0.map { $0.map { $0.map { _ in Scalar.zero } } } }
    let tops = pooled(planes, side: side, takesLargest: takesLargest)
    for (channel, plane) in deltas.enumerated() {
      for y in plane.indices {
        for x in plane[y].indices {
          for (example, delta) in plane[y][x].enumerated() {
            let places = (0..<side * side).map { (y * side + $0 / side, x * side + $0 % side) }
            let first = places.first { planes[channel][$0.0][$0.1][example] == tops[channel][y][x][example] }
            for place in places {
              let hasIt = first.map { $0 == place } ?? false
              slopes[channel][place.0][place.1][example] =
                takesLargest ? (hasIt ? delta : 0) : delta * Scalar(1 / Double(side * side))
            }
          }
        }
      }
    }
    return slopes
  }
}
