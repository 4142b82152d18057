import Testing

@testable import NumericKernels

/// Convolution and pooling of every instruction set, against the naive versions, bit for bit.
@Suite struct ConvolutionTests {
  /// What a convolution is tried on.
  struct Case: Sendable, CustomStringConvertible {
    var channels = 1
    var height = 6
    var width = 5
    var filters = 3
    var kernel = 3
    var stride = 1
    /// Rows and columns of zeros around the input.
    var edge = 0
    var examples = 20

    var description: String {
      "\(channels)×\(height)×\(width), \(filters) of \(kernel), stride \(stride), edge \(edge), \(examples) examples"
    }
    var outHeight: Int { (height + 2 * edge - kernel) / stride + 1 }
    var outWidth: Int { (width + 2 * edge - kernel) / stride + 1 }
    var depth: Int { channels * kernel * kernel }
  }

  static let cases = [
    Case(), Case(channels: 3, height: 3, width: 4, filters: 7, kernel: 2, examples: 64),
    Case(filters: 1, kernel: 1, examples: 1),
    Case(channels: 2, height: 7, width: 9, filters: 8, kernel: 3, stride: 2, edge: 1, examples: 33),
    Case(channels: 3, height: 4, width: 5, filters: 13, kernel: 5, edge: 2, examples: 49),
    Case(channels: 2, height: 9, width: 10, filters: 5, kernel: 4, stride: 3, examples: 48),
    Case(height: 3, width: 3, filters: 64, kernel: 3, stride: 4, examples: 17),
    Case(filters: 6, kernel: 5, examples: 16),
    // Several blocks of rows.
    Case(height: 30, width: 40, filters: 2, kernel: 2, examples: 64),
  ]

  /// Numbers of either sign in planes, and the same with zeros around and up to whole lanes.
  private struct Numbers<Scalar: KernelScalar> {
    var planes: NaiveConvolution<Scalar>.Planes
    var buffer: NumberBuffer<Scalar>
    var row: Int
    var plane: Int
    var start: Int
    var pitch: Int

    init(_ channels: Int, _ height: Int, _ width: Int, _ examples: Int, edge: Int = 0, salt: UInt32) {
      let draw = KeyedDraw(seed: 11, stream: UInt64(salt))
      planes = (0..<channels).map { channel in
        (0..<height).map { y in
          (0..<width).map { x in
            (0..<examples).map { example in
              let words = draw.words(UInt32(channel), UInt32(y * width + x), UInt32(example), 0)
              return words[1] % 7 == 0 ? 0 : Scalar(Double(words[0] % 4096) / 1024 - 2)
            }
          }
        }
      }
      pitch = padded(examples, Scalar.self)
      row = (width + 2 * edge) * pitch
      plane = (height + 2 * edge) * row
      start = edge * row + edge * pitch
      buffer = NumberBuffer(channels * plane)
      for channel in 0..<channels {
        for y in 0..<height {
          for x in 0..<width {
            for (example, number) in planes[channel][y][x].enumerated() {
              buffer.base[start + channel * plane + y * row + x * pitch + example] = number
            }
          }
        }
      }
    }

    func read(_ channels: Int, _ height: Int, _ width: Int, _ examples: Int) -> NaiveConvolution<Scalar>.Planes {
      (0..<channels).map { channel in
        (0..<height).map { y in
          (0..<width).map { x in
            (0..<examples).map { buffer.base[start + channel * plane + y * row + x * pitch + $0] }
          }
        }
      }
    }
  }

  private func same<Scalar: KernelScalar>(
    _ a: NaiveConvolution<Scalar>.Planes, _ b: NaiveConvolution<Scalar>.Planes
  ) -> Bool {
    KernelTests.same(Array(a.joined().joined().joined()), Array(b.joined().joined().joined()))
  }

  private func check<Scalar: KernelScalar>(_ set: InstructionSet, _ type: Scalar.Type, _ it: Case) {
    let kernels = Scalar.kernels(set)
    let naive = NaiveConvolution(
      NaiveArithmetic<Scalar>(set), kernel: it.kernel, stride: it.stride, before: it.edge)
    let input = Numbers<Scalar>(it.channels, it.height, it.width, it.examples, edge: it.edge, salt: 1)
    let output = Numbers<Scalar>(it.filters, it.outHeight, it.outWidth, it.examples, salt: 2)
    let deltas = Numbers<Scalar>(it.filters, it.outHeight, it.outWidth, it.examples, salt: 3)
    let slopes = Numbers<Scalar>(it.channels, it.height, it.width, it.examples, edge: it.edge, salt: 4)
    let (weights, biases) = (
      KernelTests.numbers(it.filters, it.depth, type, salt: 5), KernelTests.numbers(1, it.filters, type, salt: 6)
    )
    let stride = padded(it.depth, type)
    let rows = (0..<it.filters).map { KernelTests.row(weights, $0, it.depth) }
    let geometry = ConvolutionGeometry(
      offsets: OffsetBuffer(
        (0..<it.depth).map { number in
          let (channel, cell) = number.quotientAndRemainder(dividingBy: it.kernel * it.kernel)
          return channel * input.plane + cell / it.kernel * input.row + cell % it.kernel * input.pitch
        }),
      stride: stride, rows: it.outHeight, places: it.outWidth, width: input.pitch, inRow: it.stride * input.row,
      inStep: it.stride * input.pitch, outRow: output.row, outStep: output.pitch, outPlane: output.plane)

    #expect(
      kernels.convolve(
        geometry, weights: weights.base, biases: biases.base, filters: it.filters, from: input.buffer.base,
        into: output.buffer.base, isCancelled: { false }))
    let expected = naive.forward(
      input.planes, weights: rows, biases: KernelTests.row(biases, 0, it.filters), height: it.outHeight,
      width: it.outWidth)
    #expect(same(output.read(it.filters, it.outHeight, it.outWidth, it.examples), expected), "\(set) \(type) forward")

    let across = padded(it.filters, type)
    let transposed = NumberBuffer<Scalar>(it.depth * across)
    for filter in 0..<it.filters {
      for number in 0..<it.depth { transposed.base[number * across + filter] = rows[filter][number] }
    }
    slopes.buffer.clear()
    #expect(
      kernels.convolveBack(
        geometry, weights: transposed.base, stride: across, filters: it.filters, deltas: deltas.buffer.base,
        onto: slopes.buffer.base, isCancelled: { false }))
    #expect(
      same(
        slopes.read(it.channels, it.height, it.width, it.examples),
        naive.back(input.planes, weights: rows, deltas: deltas.planes)), "\(set) \(type) back")

    let (found, shifts) = (NumberBuffer<Scalar>(it.filters * stride), NumberBuffer<Scalar>(it.filters))
    let expectedSlopes = naive.weightSlopes(input.planes, deltas: deltas.planes)
    for lanes in [nil, NumberBuffer<Scalar>(it.filters * it.depth * Scalar.Lanes.scalarCount)] {
      found.clear()
      #expect(
        kernels.convolveWeights(
          geometry, deltas: deltas.buffer.base, filters: it.filters, input: input.buffer.base, weights: found.base,
          biases: shifts.base, lanes: lanes?.base, isCancelled: { false }))
      for (filter, slope) in expectedSlopes.enumerated() {
        #expect(KernelTests.same(KernelTests.row(found, filter, it.depth), slope), "\(set) \(type) weights")
      }
    }
    #expect(
      KernelTests.same(KernelTests.row(shifts, 0, it.filters), naive.biasSlopes(deltas.planes)),
      "\(set) \(type) biases")
  }

  @Test(arguments: InstructionSet.available, cases) func convolutions(_ set: InstructionSet, _ it: Case) {
    check(set, Float.self, it)
    check(set, Double.self, it)
  }

  @Test(arguments: InstructionSet.available, [(2, true), (2, false), (3, true), (3, false)])
  func pooling(_ set: InstructionSet, _ kind: (side: Int, takesLargest: Bool)) {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) {
      let kernels = Scalar.kernels(set)
      var input = Numbers<Scalar>(2, 7, 8, 21, salt: 7)
      // NaN is the largest number.
      input.planes[1][1][0][3] = .nan
      input.buffer.base[input.plane + input.row + 3] = .nan
      let (height, width) = (7 / kind.side, 8 / kind.side)
      let output = Numbers<Scalar>(2, height, width, 21, salt: 8)
      let deltas = Numbers<Scalar>(2, height, width, 21, salt: 9)
      let slopes = Numbers<Scalar>(2, 7, 8, 21, salt: 10)
      slopes.buffer.clear()
      let geometry = PoolingGeometry(
        side: kind.side, places: width, width: input.pitch, inRow: input.row, inStep: input.pitch,
        outStep: output.pitch, takesLargest: kind.takesLargest)
      for channel in 0..<2 {
        for y in 0..<height {
          let (from, to) = (channel * input.plane + y * kind.side * input.row, channel * output.plane + y * output.row)
          kernels.pool(geometry, input.buffer.base + from, into: output.buffer.base + to)
          kernels.poolBack(
            geometry, input: input.buffer.base + from, output: output.buffer.base + to,
            deltas: deltas.buffer.base + to, into: slopes.buffer.base + from)
        }
      }
      let expected = NaiveConvolution.pooled(input.planes, side: kind.side, takesLargest: kind.takesLargest)
      #expect(same(output.read(2, height, width, 21), expected))
      #expect(
        same(
          slopes.read(2, 7, 8, 21),
          NaiveConvolution.pooledBack(
            input.planes, deltas: deltas.planes, side: kind.side, takesLargest: kind.takesLargest)))
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: InstructionSet.available) func places(_ set: InstructionSet) {
    func check<Scalar: KernelScalar>(_ type: Scalar.Type) {
      let rows = KernelTests.numbers(9, 37, type)
      let chosen: [Int64] = [8, 0, 3, 3, 5]
      let pitch = padded(chosen.count, type)
      let target = NumberBuffer<Scalar>(40 * pitch)
      let places = (0..<37).map { (36 - $0) * pitch + pitch }
      Scalar.kernels(set).place(
        rows.base, stride: padded(37, type), rows: chosen, at: OffsetBuffer(places), into: target.base)
      for column in 0..<37 {
        for example in 0..<pitch {
          let expected =
            example < chosen.count ? rows.base[Int(chosen[example]) * padded(37, type) + column] : 0
          #expect(target.base[places[column] + example] == expected)
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// A call that may be long looks for cancellation in between.
  @Test func longCallsLook() {
    let input = Numbers<Float>(1, 40, 40, 64, salt: 1)
    let filters = 64
    let output = Numbers<Float>(filters, 26, 26, 64, salt: 2)
    let weights = KernelTests.numbers(filters, 225, Float.self)
    let geometry = ConvolutionGeometry(
      offsets: OffsetBuffer((0..<225).map { $0 / 15 * input.row + $0 % 15 * input.pitch }), stride: 240, rows: 26,
      places: 26, width: 64, inRow: input.row, inStep: 64, outRow: output.row, outStep: 64, outPlane: output.plane)
    var asked = 0
    let isDone = Float.kernels(.current).convolve(
      geometry, weights: weights.base, biases: weights.base, filters: filters, from: input.buffer.base,
      into: output.buffer.base
    ) {
      asked += 1
      return asked == 2
    }
    #expect(!isDone && asked == 2)
  }
}
