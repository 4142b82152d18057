/// L of a symmetric positive definite matrix A = L Lᵀ, grown row by row.
///
/// Doubles. Every sum is taken in index order with one rounding for each product and one for each difference (nothing is
/// fused), and lanes lie along outputs alone: the bits are the same on every machine, also on those without fused
/// multiply-add, and equal those of the plain loops. The method is that of Cholesky as in Golub and Van Loan, Matrix
/// Computations, section 4.2.
public struct Cholesky: Sendable {
  /// What a pivot, the square of a diagonal element of L, may be.
  public enum Pivots: Sendable, Hashable {
    /// One below this number, or none at all (NaN), is replaced by it.
    case floored(at: Double)
    /// One that is not above this number ends the factorisation.
    case refused(atMost: Double)
  }

  /// One vector: rows 8p to 8p + 7 of L in one column.
  typealias Lanes = SIMD8<Double>

  /// What happens to a pivot that is too small.
  public let pivots: Pivots
  /// How many rows there are.
  public private(set) var count = 0
  /// L in panels of 8 rows, packed: panel p has its columns 0 to 8p + 7 one after the other from `start(of: p)`. Zero above
  /// the diagonal and beyond the last row.
  private(set) var panels: [Lanes] = []
  /// The diagonal of L.
  private(set) var diagonal: [Double] = []

  /// The factor of a matrix without rows.
  public init(_ pivots: Pivots) { self.pivots = pivots }

  /// The factor of a whole matrix: rows one after the other, of which the lower half is read. Nil where a pivot is refused.
  /// O(count³ / 6).
  public init?(_ matrix: [Double], count: Int, _ pivots: Pivots) {
    precondition(matrix.count == count * count, "a matrix of \(count) rows has \(count * count) numbers")
    self.init(pivots)
    reserve(count)
    for row in 0..<count {
      let start = row * count
      guard append(matrix[start..<start + row], diagonal: matrix[start + row]) else { return nil }
    }
  }

  /// Makes room for this many rows.
  public mutating func reserve(_ rows: Int) {
    panels.reserveCapacity(Self.start(of: (rows + 7) / 8))
    diagonal.reserveCapacity(rows)
  }

  /// L at a row and a column.
  public subscript(row: Int, column: Int) -> Double {
    precondition(row < count && column < count, "the factor has \(count) rows")
    return column > row ? 0 : panels[Self.start(of: row / 8) + column][row % 8]
  }

  /// Appends a row of the matrix: its numbers left of the diagonal, and the one on it. O(count² / 2).
  ///
  /// False where the pivot is refused; the factor is then as it was.
  @discardableResult
  public mutating func append(_ row: some Collection<Double>, diagonal own: Double) -> Bool {
    precondition(row.count == count, "the row has one number for each row before it")
    let solved = solveLower(row)
    var pivot = own
    for value in solved { pivot -= value * value }
    switch pivots {
    case .floored(let least): if !(pivot >= least) { pivot = least }
    case .refused(let most): if !(pivot > most && pivot < .infinity) { return false }
    }
    let lane = count % 8
    if lane == 0 { panels.append(contentsOf: repeatElement(Lanes(), count: count + 8)) }
    let root = pivot.squareRoot()
    panels.withUnsafeMutableBufferPointer { panels in
      let panel = UnsafeMutableBufferPointer(rebasing: panels[Self.start(of: count / 8)...])
      for (column, value) in solved.enumerated() { panel[column][lane] = value }
      panel[count][lane] = root
    }
    diagonal.append(root)
    count += 1
    return true
  }

  /// Removes the last rows, so that `rows` are left.
  public mutating func truncate(to rows: Int) {
    precondition(rows <= count, "there are only \(count) rows")
    let used = (rows + 7) / 8
    panels.removeLast(panels.count - Self.start(of: used))
    diagonal.removeLast(count - rows)
    count = rows
    guard rows % 8 != 0 else { return }
    for place in Self.start(of: used - 1)..<panels.count {
      for lane in rows % 8..<8 { panels[place][lane] = 0 }
    }
  }

  /// ln |A|.
  public var logDeterminant: Double {
    let arithmetic = NaiveArithmetic<Double>(.baseline)
    var sum = 0.0
    for value in diagonal { sum += arithmetic.log(value) }
    return 2 * sum
  }

  /// Where a panel begins: its predecessors have 8, 16, … columns.
  static func start(of panel: Int) -> Int { 4 * panel * (panel + 1) }
}

extension Cholesky {
  /// x of L x = b; of the first rows alone where b has fewer numbers. O(b.count² / 2).
  public func solveLower(_ b: some Collection<Double>) -> [Double] {
    precondition(b.count <= count, "b has at most one number for each row")
    var x = [Double](b)
    panels.withUnsafeBufferPointer { panels in
      x.withUnsafeMutableBufferPointer { x in
        if let panels = panels.baseAddress, let base = x.baseAddress { Self.solve(panels, base, x.count) }
      }
    }
    return x
  }

  /// Turns right-hand sides b, `columns` times `count` numbers one after another, into the x of L x = b. Each has the bits
  /// that it would have alone. O(columns · count² / 2).
  public func solveLower(inPlace numbers: UnsafeMutableBufferPointer<Double>, columns: Int) {
    precondition(numbers.count == columns * count, "each right-hand side has one number for each row")
    guard let base = numbers.baseAddress, count > 0 else { return }
    panels.withUnsafeBufferPointer { panels in
      guard let panels = panels.baseAddress else { return }
      for pair in stride(from: 0, to: columns - 1, by: 2) {
        Self.solve(panels, base + pair * count, base + (pair + 1) * count, count)
      }
      if columns % 2 == 1 { Self.solve(panels, base + (columns - 1) * count, count) }
    }
  }

  /// One right-hand side.
  private static func solve(_ panels: UnsafePointer<Lanes>, _ x: UnsafeMutablePointer<Double>, _ count: Int) {
    for first in stride(from: 0, to: count, by: 8) {
      let panel = panels + start(of: first / 8)
      let rows = min(8, count - first)
      var left = load(x + first, rows)
      for k in 0..<first { left -= panel[k] * x[k] }
      finish(&left, panel + first, x + first, rows)
    }
  }

  /// Two right-hand sides: L is read once for both.
  private static func solve(
    _ panels: UnsafePointer<Lanes>, _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    for first in stride(from: 0, to: count, by: 8) {
      let panel = panels + start(of: first / 8)
      let rows = min(8, count - first)
      var (left, right) = (load(x + first, rows), load(y + first, rows))
      for k in 0..<first {
        let column = panel[k]
        left -= column * x[k]
        right -= column * y[k]
      }
      finish(&left, panel + first, x + first, rows)
      finish(&right, panel + first, y + first, rows)
    }
  }

  @inline(__always)
  private static func load(_ x: UnsafeMutablePointer<Double>, _ rows: Int) -> Lanes {
    var lanes = Lanes()
    for row in 0..<rows { lanes[row] = x[row] }
    return lanes
  }

  /// The triangle on the diagonal: what is left of up to 8 rows becomes their x.
  @inline(__always)
  private static func finish(
    _ left: inout Lanes, _ triangle: UnsafePointer<Lanes>, _ x: UnsafeMutablePointer<Double>, _ rows: Int
  ) {
    for k in 0..<rows {
      x[k] = left[k] / triangle[k][k]
      left -= triangle[k] * x[k]
    }
  }

  /// x of Lᵀ x = b; sums go from the last row up. O(count² / 2).
  public func solveUpper(_ b: some Collection<Double>) -> [Double] {
    precondition(b.count == count, "b has one number for each row")
    var x = Array(b)
    panels.withUnsafeBufferPointer { panels in
      x.withUnsafeMutableBufferPointer { x in
        for k in stride(from: count - 1, through: 0, by: -1) {
          let start = Self.start(of: k / 8)
          let lane = k % 8
          let value = x[k] / panels[start + k][lane]
          x[k] = value
          for j in 0..<k { x[j] -= panels[start + j][lane] * value }
        }
      }
    }
    return x
  }

  /// x of A x = b. O(count²).
  public func solve(_ b: some Collection<Double>) -> [Double] { solveUpper(solveLower(b)) }
}
