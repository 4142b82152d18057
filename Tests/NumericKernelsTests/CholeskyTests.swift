import Testing

@testable import NumericKernels

@Suite struct CholeskyTests {
  /// Numbers from −1 to 1.
  static func numbers(_ count: Int, salt: UInt32) -> [Double] {
    let draw = KeyedDraw(seed: 11, stream: UInt64(salt))
    return (0..<count).map { Double(draw.words(UInt32($0), 0, 0, 0)[0]) * 0x1p-31 - 1 }
  }

  /// B Bᵀ + shift · I of drawn numbers.
  static func positive(_ count: Int, shift: Double) -> [Double] {
    let b = numbers(count * count, salt: UInt32(count))
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count {
        for k in 0..<count { matrix[i * count + j] += b[i * count + k] * b[j * count + k] }
      }
      matrix[i * count + i] += shift
    }
    return matrix
  }

  /// 1 / (i + j + 1), whose condition grows like e^(3.5 n).
  static func hilbert(_ count: Int) -> [Double] {
    (0..<count * count).map { 1 / Double($0 / count + $0 % count + 1) }
  }

  /// The plain loops; nil where a pivot is not above 0.
  static func naive(_ matrix: [Double], _ count: Int) -> [[Double]]? {
    var l = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0...i {
        var sum = matrix[i * count + j]
        for k in 0..<j { sum -= l[i][k] * l[j][k] }
        if i == j, !(sum > 0) { return nil }
        l[i][j] = i == j ? sum.squareRoot() : sum / l[j][j]
      }
    }
    return l
  }

  static func naiveSolve(_ l: [[Double]], _ b: [Double]) -> [Double] {
    var x = b
    for i in l.indices {
      for k in 0..<i { x[i] -= l[i][k] * x[k] }
      x[i] /= l[i][i]
    }
    for i in l.indices.reversed() {
      for k in stride(from: l.count - 1, to: i, by: -1) { x[i] -= l[k][i] * x[k] }
      x[i] /= l[i][i]
    }
    return x
  }

  @Test(arguments: [1, 2, 7, 8, 9, 16, 23, 40, 65]) func equalsThePlainLoops(_ count: Int) throws {
    let matrix = Self.positive(count, shift: 0.01)
    let factor = try #require(Cholesky(matrix, count: count, .refused(atMost: 0)))
    let plain = try #require(Self.naive(matrix, count))
    for i in 0..<count {
      for j in 0..<count { #expect(factor[i, j] == plain[i][j], "row \(i), column \(j)") }
    }
    let b = Self.numbers(count, salt: 5)
    #expect(factor.solve(b) == Self.naiveSolve(plain, b))
    // L x = b, and Lᵀ x = b.
    let lower = factor.solveLower(b)
    let upper = factor.solveUpper(b)
    for i in 0..<count {
      let down = (0...i).reduce(0.0) { $0 + plain[i][$1] * lower[$1] }
      let up = (i..<count).reduce(0.0) { $0 + plain[$1][i] * upper[$1] }
      #expect(abs(down - b[i]) < 1e-9 && abs(up - b[i]) < 1e-9)
    }
    let solved = factor.solve(b)
    for i in 0..<count {
      #expect(abs((0..<count).reduce(0.0) { $0 + matrix[i * count + $1] * solved[$1] } - b[i]) < 1e-6)
    }
  }

  @Test func manyRightHandSidesAreAsEachAlone() throws {
    for count in [1, 5, 8, 21, 32] {
      let factor = try #require(Cholesky(Self.positive(count, shift: 0.1), count: count, .refused(atMost: 0)))
      let b = Self.numbers(count, salt: 9)
      #expect(factor.solveLower(b[..<(count / 2)]) == Array(factor.solveLower(b)[..<(count / 2)]))
      for columns in 0...5 {
        let sides = (0..<columns).map { Self.numbers(count, salt: UInt32($0)) }
        var numbers = Array(sides.joined())
        numbers.withUnsafeMutableBufferPointer { factor.solveLower(inPlace: $0, columns: columns) }
        #expect(numbers == Array(sides.map { factor.solveLower($0) }.joined()))
      }
    }
  }

  /// ln det of the 4 × 4 Hilbert matrix, whose determinant is 1 / 6,048,000.
  @Test func logDeterminant() throws {
    let factor = try #require(Cholesky(Self.hilbert(4), count: 4, .refused(atMost: 0)))
    #expect(abs(factor.logDeterminant + 15.615_238_196_841_506) < 1e-9)
    #expect(Cholesky(.refused(atMost: 0)).logDeterminant == 0)
    let one = try #require(Cholesky([9], count: 1, .refused(atMost: 0)))
    #expect(one.logDeterminant == 2 * NaiveArithmetic<Double>(.baseline).log(3) && one.solve([18]) == [2])
  }

  /// Rows that are appended after some were removed again give the same bits as rows appended once.
  @Test func growsAndShrinks() throws {
    let (count, matrix) = (37, Self.positive(37, shift: 0.1))
    let whole = try #require(Cholesky(matrix, count: count, .refused(atMost: 0)))
    var factor = whole
    for kept in [36, 32, 31, 17, 16, 8, 3, 0] {
      factor.truncate(to: kept)
      #expect(factor.count == kept && factor.solveLower([Double](repeating: 1, count: kept)).count == kept)
      var again = factor
      for row in kept..<count {
        let isIn = again.append(matrix[row * count..<row * count + row], diagonal: matrix[row * count + row])
        #expect(isIn)
      }
      #expect(again.panels == whole.panels && again.diagonal == whole.diagonal)
    }
  }

  /// The 14 × 14 Hilbert matrix has a condition of 10¹⁹: rounding makes one of its pivots negative.
  @Test func illConditioned() throws {
    let hilbert = Self.hilbert(14)
    #expect(Self.naive(hilbert, 14) == nil)
    #expect(Cholesky(hilbert, count: 14, .refused(atMost: 0)) == nil)
    let floored = try #require(Cholesky(hilbert, count: 14, .floored(at: 1e-12)))
    #expect((0..<14).allSatisfy { floored[$0, $0] >= 1e-6 && floored[$0, $0].isFinite })
    #expect(floored.solve([Double](repeating: 1, count: 14)).allSatisfy { $0.isFinite })
    // A jitter on the diagonal makes it solvable, and what was solved is right.
    var eased = hilbert
    for row in 0..<14 { eased[row * 15] += 1e-8 }
    let factor = try #require(Cholesky(eased, count: 14, .refused(atMost: 1e-12)))
    let x = factor.solve((0..<14).map { row in (0..<14).reduce(0) { $0 + eased[row * 14 + $1] } })
    #expect(x.allSatisfy { abs($0 - 1) < 1e-6 })
  }

  @Test func aRefusedRowChangesNothing() throws {
    var factor = Cholesky(.refused(atMost: 1e-12))
    factor.append([], diagonal: 4)
    let before = factor
    for (row, own) in [(2.0, 1.0), (2, 0.5), (0, .nan), (.nan, 1), (0, .infinity), (0, -1)] {
      let isIn = factor.append([row], diagonal: own)
      #expect(!isIn && factor.count == 1 && factor.panels == before.panels)
    }
    factor.append([2], diagonal: 5)
    #expect(factor.count == 2 && factor[1, 0] == 1 && factor[1, 1] == 2)
    var floored = Cholesky(.floored(at: 0.25))
    floored.append([], diagonal: .nan)
    floored.append([1], diagonal: 4.0625)
    #expect(floored[0, 0] == 0.5 && floored[1, 0] == 2 && floored[1, 1] == 0.5)
  }

  /// FNV-1a of a factor's bits and of a solution's: the same on every machine.
  @Test func theSameBitsOnEveryMachine() throws {
    let factor = try #require(Cholesky(Self.positive(50, shift: 0.01), count: 50, .refused(atMost: 0)))
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for value in factor.panels.flatMap({ panel in (0..<8).map { panel[$0] } }) + factor.solve(Self.numbers(50, salt: 5))
      + [factor.logDeterminant]
    {
      digest = (digest ^ value.bitPattern) &* 0x100_0000_01B3
    }
    #expect(digest == 4_034_440_432_572_963_570)
  }
}
