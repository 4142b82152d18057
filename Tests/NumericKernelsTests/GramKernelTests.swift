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
    var sums: [[Scalar]]
    var velocities: [[Scalar]]
    /// Σ S, Σ S p and their velocities, for each unit.
    var means: [[Double]]
    var share = 1.0
    var shareVelocity = 0.0
    var biasGradients: [Scalar]

    func project(_ matrix: [[Scalar]], start: [[Scalar]], projections: [Scalar], biases: [Scalar]) -> [[Scalar]] {
      sums.indices.map { unit in
        let level = Scalar(means[unit][1] + meanSquare * means[unit][0] - Double(biases[unit]))
        return projections.indices.map { n in
          let product = naive.product(sums[unit], matrix.map { $0[n] })
          return naive.fma(Scalar(share), start[unit][n], -product)
            - naive.fma(Scalar(means[unit][0]), projections[n], level)
        }
      }
    }

    mutating func learn(_ deltas: [[Scalar]]) {
      let (rate, decay, momentum) = (Scalar(step.rate), Scalar(step.decay), Scalar(step.momentum))
      shareVelocity = step.momentum * shareVelocity + step.decay * share
      share = share - step.rate * shareVelocity
      for unit in sums.indices {
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
    _ set: InstructionSet, _ type: Scalar.Type, units: Int, count: Int, step: OptimizerStep
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
    var naive = NaiveGram<Scalar>(
      naive: NaiveArithmetic(set), step: step, meanSquare: 1.7, projections: KernelTests.row(projections, 0, count),
      sums: zeros, velocities: zeros, means: [[Double]](repeating: [0, 0, 0, 0], count: units),
      biasGradients: [Scalar](repeating: 0, count: units))
    let starts = (0..<units).map { KernelTests.row(start, $0, count) }
    for round in 0..<4 {
      let out = NumberBuffer<Scalar>(units * stride)
      let isDone = kernel.project(
        packed.base, start: start.base, startStride: stride, projections: projections.base, width: count,
        biases: biases.base, into: out.base, outStride: stride
      ) { false }
      let expected = naive.project(
        matrix, start: starts, projections: naive.projections, biases: KernelTests.row(biases, 0, units))
      #expect(isDone)
      for unit in 0..<units {
        #expect(
          KernelTests.same(KernelTests.row(out, unit, count), expected[unit]),
          "\(set) \(type) \(units)×\(count) \(step)")
      }
      let deltas = KernelTests.numbers(units, count, type, scale: 0.3, salt: UInt32(10 + round))
      kernel.learn(from: deltas.base)
      naive.learn((0..<units).map { KernelTests.row(deltas, $0, count) })
      #expect(KernelTests.same(KernelTests.row(gradients, 0, units), naive.biasGradients))
    }
  }

  @Test(arguments: InstructionSet.available) func projectingAndLearning(_ set: InstructionSet) {
    for (momentum, decay) in [(0.0, 0.0), (0.9, 0), (0, 0.02), (0.6, 0.02)] {
      let step = OptimizerStep(rate: 0.05, momentum: momentum, decay: decay)
      for (units, count) in [(1, 1), (1, 5), (3, 8), (5, 16), (4, 33), (20, 49), (7, 17)] {
        check(set, Float.self, units: units, count: count, step: step)
        check(set, Double.self, units: units, count: count, step: step)
      }
    }
  }
}
