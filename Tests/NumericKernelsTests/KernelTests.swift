import Testing

@testable import NumericKernels

/// Every kernel of every instruction set that this machine has, against the naive version, bit for bit.
@Suite struct KernelTests {
  static let sets = InstructionSet.available

  /// Numbers of either sign, some of them zero, in rows padded with zeros.
  static func numbers<Scalar: KernelScalar>(
    _ rows: Int, _ width: Int, _ type: Scalar.Type, scale: Double = 1, salt: UInt32 = 0
  ) -> NumberBuffer<Scalar> {
    let draw = KeyedDraw(seed: 4, stream: UInt64(salt))
    let stride = padded(width, type)
    let buffer = NumberBuffer<Scalar>(rows * stride)
    for row in 0..<rows {
      for column in 0..<width {
        let words = draw.words(UInt32(row), UInt32(column), 0, 0)
        let isZero = words[1] % 11 == 0
        buffer.base[row * stride + column] = isZero ? 0 : Scalar((Double(words[0]) * 0x1p-31 - 1) * scale)
      }
    }
    return buffer
  }

  static func row<Scalar: KernelScalar>(_ buffer: NumberBuffer<Scalar>, _ row: Int, _ width: Int) -> [Scalar] {
    let stride = padded(width, Scalar.self)
    return (0..<width).map { buffer.base[row * stride + $0] }
  }

  /// Equal bits, except that zeros of either sign are the same.
  static func same<Scalar: KernelScalar>(_ a: [Scalar], _ b: [Scalar]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }

  private func product<Scalar: KernelScalar>(
    _ set: InstructionSet, _ type: Scalar.Type, rows: Int, depth: Int, width: Int
  ) -> String? {
    let (kernels, naive) = (Scalar.kernels(set), NaiveArithmetic<Scalar>(set))
    let (lanes, wide) = (Scalar.Lanes.scalarCount, padded(width, type))
    let a = Self.numbers(rows, depth, type)
    let b = Self.numbers(depth, width, type, salt: 1)
    let initial = Self.numbers(1, rows, type, salt: 2)
    // The same numbers in panels, and a by columns.
    let packed = NumberBuffer<Scalar>(depth * wide)
    for k in 0..<depth {
      for column in 0..<wide {
        packed.base[column / lanes * depth * lanes + k * lanes + column % lanes] = b.base[k * wide + column]
      }
    }
    let byColumns = NumberBuffer<Scalar>(rows * depth)
    for row in 0..<rows {
      for k in 0..<depth { byColumns.base[k * rows + row] = a.base[row * padded(depth, type) + k] }
    }
    let columns = (0..<width).map { column in (0..<depth).map { b.base[$0 * wide + column] } }
    let views = [
      PanelView<Scalar>(base: b.base, rowStride: wide, panelStride: lanes),
      PanelView<Scalar>(base: packed.base, rowStride: lanes, panelStride: depth * lanes),
    ]
    let lefts = [
      StridedView<Scalar>(base: a.base, rowStride: padded(depth, type), columnStride: 1),
      StridedView<Scalar>(base: byColumns.base, rowStride: 1, columnStride: rows),
    ]
    for starts in [nil, UnsafePointer(initial.base)] {
      let expected = (0..<rows).map { row in
        columns.map { naive.product(Self.row(a, row, depth), $0, initial: starts?[row] ?? 0) }
      }
      for (left, view) in [(lefts[0], views[0]), (lefts[0], views[1]), (lefts[1], views[0])] {
        let out = NumberBuffer<Scalar>(rows * wide)
        for index in 0..<out.count { out.base[index] = .nan }
        kernels.multiply(
          left, view, initial: starts, into: out.base, outStride: wide, rows: rows, depth: depth, width: width)
        for row in 0..<rows {
          guard Self.same(Self.row(out, row, width), expected[row]),
            (width..<wide).allSatisfy({ out.base[row * wide + $0].isFinite })
          else { return "\(set) \(type) \(rows)×\(depth)×\(width), row \(row)" }
        }
      }
    }
    return nil
  }

  @Test(arguments: sets) func productsOfAllSmallShapes(_ set: InstructionSet) {
    for rows in 1...9 {
      for depth in [1, 2, 3, 4, 5, 17] {
        for width in 1...35 {
          if let fault = product(set, Float.self, rows: rows, depth: depth, width: width) {
            Issue.record("\(fault)")
            return
          }
          if width < 20, let fault = product(set, Double.self, rows: rows, depth: depth, width: width) {
            Issue.record("\(fault)")
            return
          }
        }
      }
    }
  }

  @Test(arguments: sets) func productsOfLargerShapes(_ set: InstructionSet) {
    for (rows, depth, width) in [
      (20, 209, 209), (33, 40, 97), (21, 257, 65), (5, 600, 33), (23, 61, 81), (64, 33, 18), (1, 513, 130),
      (35, 300, 1),
      (7, 0, 5), (18, 34, 50), (4, 32, 17), (6, 45, 241),
    ] {
      for fault in [
        product(set, Float.self, rows: rows, depth: depth, width: width),
        product(set, Double.self, rows: rows, depth: depth, width: width),
      ] { #expect(fault == nil) }
    }
  }

  @Test(arguments: sets) func reductions(_ set: InstructionSet) {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) {
      let (kernels, naive) = (Scalar.kernels(set), NaiveArithmetic<Scalar>(set))
      for (rows, columns) in [(1, 1), (1, 5), (2, 4), (3, 3), (4, 4), (5, 20), (7, 9), (9, 8)] {
        for count in Array(1...34) + [209] {
          let (a, b) = (Self.numbers(rows, count, type), Self.numbers(columns, count, type, salt: 3))
          let (stride, wide) = (padded(count, type), padded(columns, type))
          let out = NumberBuffer<Scalar>(rows * wide)
          kernels.multiplyRows(
            a.base, stride: stride, rows: rows, by: b.base, stride: stride, columns: columns, count: count,
            into: out.base, outStride: wide)
          let sums = NumberBuffer<Scalar>(rows)
          kernels.sumRows(a.base, stride: stride, rows: rows, count: count, into: sums.base)
          for row in 0..<rows {
            let left = Self.row(a, row, count)
            let expected = (0..<columns).map { naive.dot(left, Self.row(b, $0, count)) }
            #expect(Self.same(Self.row(out, row, columns), expected), "\(rows)×\(columns) over \(count)")
            #expect(sums.base[row] == naive.sum(left))
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: sets) func activationsAndTheirSlopes(_ set: InstructionSet) {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) {
      let (kernels, naive) = (Scalar.kernels(set), NaiveArithmetic<Scalar>(set))
      var numbers = (0..<4000).map { Scalar($0 - 2000) * 0.03125 * 1.013 }
      numbers += (0..<800).map { Scalar($0 - 400) * 0.00317 } + (0..<400).map { Scalar($0 - 200) * 4.93 }
      numbers += [0, -0, .infinity, -.infinity, .nan, 1, -1, 1e-30, -1e-30, 88.7228394, 88.7229, -103.9, -104.1]
      let count = padded(numbers.count, type)
      numbers += [Scalar](repeating: 0, count: count - numbers.count)
      for activation in [ActivationKernel.relu, .sigmoid, .tanh] {
        let out = NumberBuffer(numbers)
        kernels.activate(out.base, count: count, activation)
        let outputs = numbers.map { naive.activate($0, activation) }
        for index in 0..<count {
          #expect(
            Self.same([out.base[index]], [outputs[index]]), "\(set) \(type) \(activation) of \(numbers[index])")
        }
        let deltas = Self.numbers(1, count, type)
        let slopes = NumberBuffer(Self.row(deltas, 0, count))
        kernels.differentiate(slopes.base, outputs: out.base, mask: nil, count: count, activation)
        let expected = (0..<count).map { naive.sloped(deltas.base[$0], outputs[$0], activation) }
        #expect(Self.same(Self.row(slopes, 0, count), expected))
        // With a mask, the output before it was applied is what has a slope.
        let mask = NumberBuffer((0..<count).map { Scalar($0 % 3 == 0 ? 0 : 1.25) })
        let masked = NumberBuffer((0..<count).map { outputs[$0] * mask.base[$0] })
        let under = NumberBuffer(Self.row(deltas, 0, count))
        kernels.differentiate(under.base, outputs: masked.base, mask: mask.base, count: count, activation)
        let other = (0..<count).map { index -> Scalar in
          let kept = mask.base[index]
          return naive.sloped(deltas.base[index] * kept, kept == 0 ? 0 : masked.base[index] / kept, activation)
        }
        #expect(Self.same(Self.row(under, 0, count), other))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: sets) func crossEntropy(_ set: InstructionSet) {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) {
      let (kernels, naive) = (Scalar.kernels(set), NaiveArithmetic<Scalar>(set))
      let naiveDouble = NaiveArithmetic<Double>(set)
      for outputs in [1, 3, 10] {
        for count in [1, 5, 7, 8, 9, 16, 17, 31, 209] {
          let stride = padded(count, type)
          let logits = Self.numbers(outputs, count, type, scale: 9)
          if outputs == 3, count > 4 { (0..<3).forEach { logits.base[$0 * stride + 4] = 0.5 } }
          let labels = LabelBuffer((0..<count).map { $0 * 7 % max(2, outputs) })
          let deltas = NumberBuffer<Scalar>(outputs * stride)
          kernels.crossEntropySlopes(
            logits.base, stride: stride, outputs: outputs, labels: labels, into: deltas.base)
          var (losses, right) = ([Double](), 0)
          for example in 0..<count {
            let own = (0..<outputs).map { logits.base[$0 * stride + example] }
            let expected = naive.crossEntropySlopes(own, label: Int(labels.base[example]), count: count)
            #expect(Self.same((0..<outputs).map { deltas.base[$0 * stride + example] }, expected))
            let (loss, isRight) = naiveDouble.crossEntropy(own.map(Double.init), label: Int(labels.base[example]))
            losses.append(loss)
            right += isRight ? 1 : 0
          }
          for output in 0..<outputs {
            #expect((count..<stride).allSatisfy { deltas.base[output * stride + $0] == 0 })
          }
          let (sum, hits) = kernels.crossEntropy(logits.base, stride: stride, outputs: outputs, labels: labels)
          #expect(sum == naiveDouble.sum(losses) && hits == right, "\(set) \(type) \(outputs) \(count)")
          #expect(kernels.areFinite(logits.base, stride: stride, outputs: outputs, count: count))
          // What lies beyond the count is nobody's logit.
          if count < stride { logits.base[count] = .nan }
          #expect(kernels.areFinite(logits.base, stride: stride, outputs: outputs, count: count))
          for bad in [Scalar.nan, .infinity, -.infinity] {
            logits.base[(outputs - 1) * stride + count - 1] = bad
            #expect(!kernels.areFinite(logits.base, stride: stride, outputs: outputs, count: count))
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: sets) func optimizers(_ set: InstructionSet) {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type, _ step: OptimizerStep) {
      let (kernels, naive) = (Scalar.kernels(set), NaiveArithmetic<Scalar>(set))
      let count = 48
      let buffers = (0..<4).map { Self.numbers(1, count, type, salt: $0) }
      for index in 0..<count { buffers[3].base[index] = abs(buffers[3].base[index]) }
      let expected = (0..<count).map {
        naive.step(
          step, weight: buffers[0].base[$0], slope: buffers[1].base[$0], first: buffers[2].base[$0],
          second: buffers[3].base[$0])
      }
      let hasMemory = step.momentum > 0 || step.adamPowers != nil
      kernels.step(
        step, buffers[0].base, by: buffers[1].base, first: hasMemory ? buffers[2].base : nil,
        second: step.adamPowers == nil ? nil : buffers[3].base, count: count)
      #expect(Self.same(Self.row(buffers[0], 0, count), expected.map(\.weight)), "\(set) \(step)")
      if hasMemory { #expect(Self.same(Self.row(buffers[2], 0, count), expected.map(\.first))) }
      #expect(Self.same(Self.row(buffers[3], 0, count), expected.map(\.second)))
    }
    for decay in [0, 0.03] {
      for (momentum, powers) in [(0.0, nil), (0.9, nil), (0, (0.9, 0.999))] as [(Double, (Double, Double)?)] {
        let step = OptimizerStep(
          rate: 0.0125, momentum: momentum, decay: decay, adamPowers: powers.map { (first: $0.0, second: $0.1) })
        check(Float.self, step)
        check(Double.self, step)
      }
    }
  }

  @Test(arguments: sets) func draws(_ set: InstructionSet) {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) {
      let kernels = Scalar.kernels(set)
      let draw = KeyedDraw(seed: 7, stream: 3)
      for count in [1, 2, 7, 15, 16, 17, 31, 32, 33, 500] {
        let row = NumberBuffer<Scalar>(count + 16)
        kernels.normals(draw, unit: 5, layer: 2, purpose: 1, deviation: 0.37, into: row.base, count: count)
        let expected = (0..<count).map { index -> Scalar in
          let pair = draw.normals(UInt32(index / 2), 5, 2, 1, naive: NaiveArithmetic(set))
          return Scalar((index % 2 == 0 ? pair.0 : pair.1) * 0.37)
        }
        #expect((0..<count).allSatisfy { row.base[$0] == expected[$0] }, "\(set) \(type) \(count)")
        #expect((count..<row.count).allSatisfy { row.base[$0] == 0 })
        for examples in [nil, (0..<count).map { Int64($0 * 37 % 101) }] {
          let mask = NumberBuffer<Scalar>(count)
          kernels.mask(
            draw, unit: 4, iteration: 9, purpose: 2, dropping: 0.3, examples: examples, count: count, into: mask.base)
          for place in 0..<count {
            let example = examples.map { Int($0[place]) } ?? place
            let word = draw.words(UInt32(example / 4), 4, 9, 2)[example % 4]
            #expect(mask.base[place] == (Double(word) >= 0.3 * 0x1p32 ? Scalar(1 / 0.7) : 0))
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: sets) func gathering(_ set: InstructionSet) {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) {
      let lanes = Scalar.Lanes.scalarCount
      for (rows, columns) in [(1, 1), (3, 40), (16, 16), (17, 33), (40, 7)] {
        let sourceRows = 50
        let source = Self.numbers(padded(columns, type) / lanes, sourceRows * lanes, type)
        let chosen = (0..<rows).map { Int64($0 * 13 % sourceRows) }
        let target = NumberBuffer<Scalar>(columns * padded(rows, type))
        let copies = NumberBuffer<Scalar>(rows * padded(columns, type))
        for hasCopies in [true, false] {
          Scalar.kernels(set).gather(
            source.base, sourceRows: sourceRows, rows: chosen, columns: columns,
            copies: hasCopies ? copies.base : nil, transposed: target.base)
          for row in 0..<rows {
            for column in 0..<columns {
              let (panel, lane) = (column / lanes, column % lanes)
              let from = source.base[panel * sourceRows * lanes + Int(chosen[row]) * lanes + lane]
              #expect(target.base[row / lanes * columns * lanes + column * lanes + row % lanes] == from)
              #expect(copies.base[panel * rows * lanes + row * lanes + lane] == from)
            }
          }
          for index in 0..<target.count { target.base[index] = 0 }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// Virtual lanes and one tree: the same sum written out.
  @Test func sumsHaveOneOrder() {
    for count in [0, 1, 7, 8, 9, 40, 209] {
      let numbers = (0..<count).map { KeyedDraw(seed: 1, stream: 0).normals(UInt32($0), 0, 0, 0).0 }
      var lanes = [Double](repeating: 0, count: 8)
      for (index, number) in numbers.enumerated() { lanes[index % 8] += number }
      let expected =
        ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
      #expect(Reduction.sum(numbers) == expected)
    }
  }

  @Test func namesOfInstructionSets() throws {
    #expect(try InstructionSet.chosen(nil) == InstructionSet.available[0])
    #expect(try InstructionSet.chosen("") == InstructionSet.available[0])
    for set in InstructionSet.available { #expect(try InstructionSet.chosen(set.rawValue) == set) }
    #expect(throws: InstructionSetError.self) { try InstructionSet.chosen("avx1024") }
    for set in InstructionSet.allCases where !InstructionSet.available.contains(set) {
      #expect(throws: InstructionSetError.self) { try InstructionSet.chosen(set.rawValue) }
    }
    #expect(InstructionSetError(name: "x").description.contains(InstructionSet.available[0].rawValue))
  }

  @Test func thePeakIsANumber() {
    for set in Self.sets {
      #expect(FMAPeak.measure(Float.kernels(set), seconds: 0.01) > 1e6)
    }
  }
}
