import Datasets
import NumericKernels
import Testing

@testable import ModelTraining

/// The gradient that training uses, against central differences of the loss.
@Suite struct GradientTests {
  static let cases = Activation.allCases.flatMap { activation in
    (1...4).flatMap { layers in [2, 3].map { (activation, layers, $0) } }
  }

  @Test(arguments: cases) func centralDifferences(_ activation: Activation, _ layers: Int, _ classes: Int) throws {
    let dataset = TestData.blobs(count: 13, features: 5, classes: classes)
    var settings = PerceptronSettings(TestData.settings(["precision": .string("float64")]))
    settings.units = (0..<layers).map { 6 - $0 }
    settings.activations = Array(repeating: activation, count: layers)
    let examples = PackedExamples<Double>(
      dataset.first, indices: Array(0..<13), features: 5, forTraining: true)
    let shape = NetworkShape(features: 5, units: settings.units, classes: classes)
    let weights = Weights<Double>(shape)
    let draw = KeyedDraw(seed: 3, stream: 0)
    weights.initialize(draw, .he)
    // With biases of zero, units behind dead ones would be exactly in relu's kink, where there is no slope.
    for layer in 0..<shape.depth {
      for unit in 0..<shape.sizes[layer + 1] {
        weights.biases[layer].base[unit] = 0.3 * draw.normals(UInt32(unit), UInt32(layer), 0, 9).0
      }
    }
    let gradient = Weights<Double>(shape)
    let pass = Pass<Double>(shape, settings.activations, count: 13, trains: true, drops: false)
    let first = DenseFirstLayer(weights, gradient, examples: examples, validation: examples)
    let labels = LabelBuffer(examples.labels)
    func forward() {
      _ = pass.forward(weights) { out, stride in
        first.project(nil, biases: weights.biases[0].base, into: out, stride: stride) { false }
      }
    }
    forward()
    _ = pass.backward(weights, labels: labels, into: gradient) { first.learn(from: $0, stride: $1) { false } }

    func loss() -> Double {
      forward()
      return CrossEntropy.score(
        pass.logits, stride: pass.logitStride, outputs: shape.outputs, labels: labels
      ).loss
    }
    var checked = 0
    for layer in 0..<shape.depth {
      for (numbers, slopes, count) in [
        (weights.matrices[layer].base, gradient.matrices[layer].base, shape.sizes[layer + 1] * weights.stride(layer)),
        (weights.biases[layer].base, gradient.biases[layer].base, shape.sizes[layer + 1]),
      ] {
        for index in 0..<count
        where numbers != weights.matrices[layer].base || index % weights.stride(layer) < shape.sizes[layer] {
          let (old, step) = (numbers[index], 1e-6)
          numbers[index] = old + step
          let above = loss()
          numbers[index] = old - step
          let below = loss()
          numbers[index] = old
          let difference = (above - below) / (2 * step)
          #expect(abs(difference - slopes[index]) < 1e-7 + 1e-5 * abs(difference))
          checked += 1
        }
      }
    }
    #expect(checked > 30)
  }

  /// One update of each optimiser is what its formula makes of the gradient.
  @Test(arguments: ["gradient_descent", "adam"], [0.0, 0.1]) func oneUpdate(_ optimizer: String, _ decay: Double) throws
  {
    let dataset = TestData.blobs(count: 12, features: 4, classes: 2)
    for momentum in optimizer == "adam" ? [0.0] : [0.0, 0.9] {
      let settings = PerceptronSettings(
        TestData.settings([
          "optimizer": .string(optimizer), "weight_decay": .real(decay), "momentum": .real(momentum),
          "precision": .string("float64"), "learning_rate": .real(0.05),
        ]))
      let examples = PackedExamples<Double>(
        dataset.first, indices: Array(0..<12), features: 4, forTraining: true)
      let training = PerceptronTraining(
        settings, classes: 2, fold: PackedFold(training: examples, validation: examples),
        draw: KeyedDraw(seed: 1, stream: 0))
      let weights = training.weights.matrices[1].base
      var (w, first, second) = (weights[2], 0.0, 0.0)
      for step in 1...3 {
        #expect(training.update() == .updated)
        let slope = training.lastGradient.matrices[1].base[2] + decay * w
        if optimizer == "adam" {
          first = 0.9 * first + 0.1 * slope
          second = 0.999 * second + 0.001 * slope * slope
          var (a, b) = (1.0, 1.0)
          for _ in 1...step { (a, b) = (a * 0.9, b * 0.999) }
          w -= 0.05 * (first / (1 - a)) / ((second / (1 - b)).squareRoot() + 1e-8)
        } else {
          first = momentum * first + slope
          w -= 0.05 * first
        }
        #expect(abs(weights[2] - w) < 1e-12)
        w = weights[2]
      }
    }
  }
}
