import NumericKernels

/// One fold's Gram matrices, of examples centred on the mean of those that train.
final class GramFold<Scalar: KernelScalar>: Sendable {
  private let examples: GramExamples<Scalar>
  private let places: FoldPlaces
  let trainingLabels: [Int]
  let validationLabels: [Int]
  /// (N, N) in panels of columns.
  let training: NumberBuffer<Scalar>
  /// (N, validation examples) in panels of columns.
  let validation: NumberBuffer<Scalar>
  /// (xₖ − μ)·μ of each example, padded with zeros to whole lanes.
  let doubleProjections: NumberBuffer<Double>
  let projections: NumberBuffer<Scalar>
  let validationProjections: NumberBuffer<Scalar>
  /// μ·μ.
  let meanSquare: Double

  /// How many examples train, and that padded to whole lanes.
  var count: Int { places.training.count }
  var validationCount: Int { places.validation.count }
  var stride: Int { padded(count, Scalar.self) }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(_ examples: GramExamples<Scalar>, _ places: FoldPlaces, labels: [Int]) {
    self.examples = examples
    self.places = places
    trainingLabels = places.training.map { labels[$0] }
    validationLabels = places.validation.map { labels[$0] }
    let (all, own) = (examples.count, places.training)
    let share = 1 / Double(own.count)
    // The mean's product with each example, then with itself.
    let means = (0..<all).map { example in
      own.reduce(0.0) { $0 + examples.products[example * all + $1] } * share
    }
    let square = own.reduce(0.0) { $0 + means[$1] } * share
    meanSquare = square
    func projections(_ chosen: [Int]) -> [Double] {
      let padding = padded(chosen.count, Float.self) - chosen.count
      return chosen.map { means[$0] - square } + [Double](repeating: 0, count: padding)
    }
    doubleProjections = NumberBuffer(projections(own))
    self.projections = NumberBuffer(projections(own).map { Scalar($0) })
    validationProjections = NumberBuffer(projections(places.validation).map { Scalar($0) })
    func panels(_ columns: [Int]) -> NumberBuffer<Scalar> {
      let lanes = Scalar.Lanes.scalarCount
      let buffer = NumberBuffer<Scalar>(own.count * padded(columns.count, Scalar.self))
      for (column, example) in columns.enumerated() {
        let target = buffer.base + column / lanes * own.count * lanes + column % lanes
        for (row, other) in own.enumerated() {
          let product = examples.products[other * all + example]
          target[row * lanes] = Scalar(product - (means[other] + means[example]) + square)
        }
      }
      return buffer
    }
    training = panels(own)
    validation = panels(places.validation)
  }

  /// The examples that train, as kernels want them.
  var kernelExamples: GramKernel<Scalar>.Examples {
    GramKernel.Examples(
      count: count, matrix: training, projections: projections, meanSquare: meanSquare)
  }

  /// W₀X of a training's first weights.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func start(
    _ draw: KeyedDraw, _ settings: PerceptronSettings, features: Int, kernels: Kernels<Scalar> = .current
  ) -> GramStart<Scalar> {
    let units = settings.units[0]
    let rows = examples.start(
      draw, deviation: settings.initialization.deviation(inputs: features, outputs: units), units: units,
      kernels: kernels)
    func gather(_ places: [Int]) -> (NumberBuffer<Scalar>, Int) {
      let stride = padded(places.count, Scalar.self)
      let buffer = NumberBuffer<Scalar>(units * stride)
      for unit in 0..<units {
        for (column, place) in places.enumerated() { buffer.base[unit * stride + column] = rows[unit].base[place] }
      }
      return (buffer, stride)
    }
    let (training, _) = gather(places.training)
    let (validation, validationStride) = gather(places.validation)
    return GramStart(
      units: units, training: training, validation: validation, validationStride: validationStride)
  }
}
