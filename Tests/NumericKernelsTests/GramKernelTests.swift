import Testing

@testable import NumericKernels

/// The first layer in the space of the examples, against the same written out one number at a time.
@Suite struct GramKernelTests {
  /// S, its velocity and what the mean adds.
  private struct NaiveGram<Scalar: KernelScalar> {
    let naive: NaiveArithmetic<Scalar>
    let step: OptimizerStep
    let meanSquare: Double
    let projections: [Scalar]
    let matrix: [[Scalar]]
    var sums: [[Scalar]]
    var velocities: [[Scalar]]
    /// W X without what the mean adds, and its velocity.
    var projected: [[Scalar]]
    var projectedVelocities: [[Scalar]]
    /// Σ S, Σ S p and their velocities, for each unit.
    var means: [[Double]]
    var share = 1.0
    var shareVelocity = 0.0
    var biasGradients: [Scalar]

    private func level(_ unit: Int, _ biases: [Scalar]) -> Scalar {
      Scalar(means[unit][1] + meanSquare * means[unit][0] - Double(biases[unit]))
    }

    /// Of examples that train.
    func outputs(_ chosen: [Int], biases: [Scalar]) -> [[Scalar]] {
      sums.indices.map { unit in
        chosen.map { n in
          projected[unit][n] - naive.fma(Scalar(means[unit][0]), projections[n], level(unit, biases))
        }
      }
    }

    /// Of others, whose products with those that train are the columns of `matrix`.
    func project(_ matrix: [[Scalar]], start: [[Scalar]], projections: [Scalar], biases: [Scalar]) -> [[Scalar]] {
      sums.indices.map { unit in
        projections.indices.map { n in
          let product = naive.product(sums[unit], matrix.map { $0[n] })
          return naive.fma(Scalar(share), start[unit][n], -product)
            - naive.fma(Scalar(means[unit][0]), projections[n], level(unit, biases))
        }
      }
    }

    /// The product of the slopes that are not zero, and one step by it.
    private mutating func follow(_ unit: Int, _ deltas: [Scalar]) {
      let active = deltas.indices.filter { deltas[$0] != 0 }
      for n in deltas.indices {
        var slope = naive.product(active.map { deltas[$0] }, active.map { matrix[$0][n] })
        if step.decay != 0 { slope = naive.fma(Scalar(step.decay), projected[unit][n], slope) }
        if step.momentum > 0 {
          slope = naive.fma(Scalar(step.momentum), projectedVelocities[unit][n], slope)
          projectedVelocities[unit][n] = slope
        }
        projected[unit][n] = naive.fma(-Scalar(step.rate), slope, projected[unit][n])
      }
    }

    mutating func learn(_ deltas: [[Scalar]]) {
      let (rate, decay, momentum) = (Scalar(step.rate), Scalar(step.decay), Scalar(step.momentum))
      shareVelocity = step.momentum * shareVelocity + step.decay * share
      share = share - step.rate * shareVelocity
      for unit in sums.indices {
        follow(unit, deltas[unit])
        let count = Scalar.Lanes.scalarCount
        var (lanes, products) = ([Scalar](repeating: 0, count: count), [Scalar](repeating: 0, count: count))
        for (n, delta) in deltas[unit].enumerated() {
          lanes[n % count] = lanes[n % count] + delta
          products[n % count] = naive.fma(delta, projections[n], products[n % count])
          var slope = delta
          if step.decay != 0 { slope = naive.fma(-decay, sums[unit][n], slope) }
          if step.momentum > 0 {
            slope = naive.fma(momentum, velocities[unit][n], slope)
            velocities[unit][n] = slope
          }
          sums[unit][n] = naive.fma(rate, slope, sums[unit][n])
        }
        let tree = NaiveArithmetic<Double>()
        for (place, lanes) in [lanes, products].enumerated() {
          let sum = tree.tree(lanes.map { Double($0) })
          if place == 0 { biasGradients[unit] = Scalar(sum) }
          means[unit][2 + place] = step.momentum * means[unit][2 + place] + (sum - step.decay * means[unit][place])
          means[unit][place] = means[unit][place] + step.rate * means[unit][2 + place]
        }
      }
    }
  }

  private func check<Scalar: KernelScalar>(
    _ set: InstructionSet, _ type: Scalar.Type, units: Int, count: Int, step: OptimizerStep, zeros share: Double
  ) {
    let (lanes, stride) = (Scalar.Lanes.scalarCount, padded(count, type))
    let values = KernelTests.numbers(count, count, type, scale: 3)
    let matrix = (0..<count).map { KernelTests.row(values, $0, count) }
    let packed = NumberBuffer<Scalar>(count * stride)
    for (row, numbers) in matrix.enumerated() {
      for (column, number) in numbers.enumerated() {
        packed.base[column / lanes * count * lanes + row * lanes + column % lanes] = number
      }
    }
    let (start, projections) = (
      KernelTests.numbers(units, count, type, salt: 1), KernelTests.numbers(1, count, type, salt: 2)
    )
    let (biases, gradients) = (KernelTests.numbers(1, units, type, salt: 3), NumberBuffer<Scalar>(units))
    let kernel = GramKernel(
      Scalar.kernels(set), units: units,
      examples: GramKernel.Examples(count: count, matrix: packed, projections: projections, meanSquare: 1.7),
      start: start, step: step, biasGradients: gradients)
    let zeros = [[Scalar]](repeating: [Scalar](repeating: 0, count: count), count: units)
    let starts = (0..<units).map { KernelTests.row(start, $0, count) }
    var naive = NaiveGram<Scalar>(
      naive: NaiveArithmetic(set), step: step, meanSquare: 1.7, projections: KernelTests.row(projections, 0, count),
      matrix: matrix, sums: zeros, velocities: zeros, projected: starts, projectedVelocities: zeros,
      means: [[Double]](repeating: [0, 0, 0, 0], count: units),
      biasGradients: [Scalar](repeating: 0, count: units))
    for round in 0..<4 {
      let own = KernelTests.row(biases, 0, units)
      let name: Comment = "\(set) \(type) \(units)×\(count) \(step) \(share)"
      // All that train, then some of them out of order, then the same as if they did not.
      let some = Swift.stride(from: count - 1, through: 0, by: -3).map { $0 }
      let (out, part, free) = (
        NumberBuffer<Scalar>(units * stride), NumberBuffer<Scalar>(units * stride), NumberBuffer<Scalar>(units * stride)
      )
      kernel.outputs(nil, biases: biases.base, into: out.base, outStride: stride)
      kernel.outputs(some.map { Int64($0) }, biases: biases.base, into: part.base, outStride: stride)
      kernel.project(
        packed.base, start: start.base, startStride: stride, projections: projections.base, width: count,
        biases: biases.base, into: free.base, outStride: stride)
      let expected = (
        naive.outputs(Array(0..<count), biases: own), naive.outputs(some, biases: own),
        naive.project(matrix, start: starts, projections: naive.projections, biases: own)
      )
      for unit in 0..<units {
        #expect(KernelTests.same(KernelTests.row(out, unit, count), expected.0[unit]), name)
        #expect(
          KernelTests.same((0..<some.count).map { part.base[unit * stride + $0] }, expected.1[unit]), name)
        #expect(KernelTests.same(KernelTests.row(free, unit, count), expected.2[unit]), name)
      }
      let deltas = KernelTests.numbers(units, count, type, scale: 0.3, salt: UInt32(10 + round))
      for unit in 0..<units {
        for n in 0..<count where zero(unit, n, round, share) { deltas.base[unit * stride + n] = 0 }
      }
      let isDone = kernel.learn(from: deltas.base) { false }
      #expect(isDone)
      naive.learn((0..<units).map { KernelTests.row(deltas, $0, count) })
      #expect(KernelTests.same(KernelTests.row(gradients, 0, units), naive.biasGradients), name)
    }
  }

  /// Whether a slope is left out: about a `share` of all, fewer of odd units, and in each round all of every fifth unit's.
  private func zero(_ unit: Int, _ n: Int, _ round: Int, _ share: Double) -> Bool {
    let own = unit % 2 == 0 ? share : share / 4
    return share > 0 && (unit % 5 == round || Double((unit * 31 + n * 17 + round * 7) % 100) < 100 * own)
  }

  @Test(arguments: InstructionSet.available) func projectingAndLearning(_ set: InstructionSet) {
    for (momentum, decay) in [(0.0, 0.0), (0.9, 0), (0, 0.02), (0.6, 0.02)] {
      let step = OptimizerStep(rate: 0.05, momentum: momentum, decay: decay)
      for (units, count) in [(1, 1), (1, 5), (3, 8), (5, 16), (4, 33), (20, 49), (7, 17), (35, 40), (2, 310)] {
        for share in count < 33 ? [0, 0.2, 0.5, 0.97] : count < 100 ? [0, 0.4] : [0.4] {
          check(set, Float.self, units: units, count: count, step: step, zeros: share)
          check(set, Double.self, units: units, count: count, step: step, zeros: share)
        }
      }
    }
  }

  /// Stopped between blocks of units, an update leaves everything as it was.
  @Test func cancelling() {
    let (units, count) = (4000, 400)
    let values = KernelTests.numbers(count, count, Float.self)
    let start = KernelTests.numbers(units, count, Float.self, salt: 1)
    let kernel = GramKernel(
      Kernels<Float>.current, units: units,
      examples: GramKernel.Examples(
        count: count, matrix: values, projections: KernelTests.numbers(1, count, Float.self, salt: 2), meanSquare: 1),
      start: start, step: OptimizerStep(rate: 0.1, momentum: 0, decay: 0),
      biasGradients: NumberBuffer(units))
    let (biases, out) = (NumberBuffer<Float>(units), NumberBuffer<Float>(units * padded(count, Float.self)))
    func outputs() -> [Float] {
      kernel.outputs(nil, biases: biases.base, into: out.base, outStride: padded(count, Float.self))
      return (0..<out.count).map { out.base[$0] }
    }
    let before = outputs()
    let deltas = KernelTests.numbers(units, count, Float.self, salt: 3)
    for index in 0..<deltas.count where index % 40 > 0 { deltas.base[index] = 0 }
    var looks = 0
    let isDone = kernel.learn(from: deltas.base) {
      looks += 1
      return true
    }
    #expect(!isDone && looks == 1)
    #expect(outputs() == before)
    #expect(kernel.reading.sums.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }
}
