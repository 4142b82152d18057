/// Every kernel one number at a time, as plainly as it can be written: what the fast ones must equal, bit for bit.
public struct NaiveArithmetic<Scalar: KernelScalar>: Sendable {
  /// Whether a product and a sum round once, as on machines with fused multiply-add, or twice.
  public let isFused: Bool

  /// Makes the arithmetic of an instruction set.
  public init(_ set: InstructionSet = .current) { isFused = set.isFused }

  /// a · b + c.
  public func fma(_ a: Scalar, _ b: Scalar, _ c: Scalar) -> Scalar {
    if isFused { return c.addingProduct(a, b) }
    let product = a * b
    return product + c
  }

  private var isSingle: Bool { Scalar.significandBitCount == 23 }
  /// Added to a number below 2²² (2⁵¹ in double), it leaves the nearest integer.
  private var magic: Scalar { isSingle ? 12_582_912 : 6_755_399_441_055_744 }
  private var ln2High: Scalar { isSingle ? 0x1.62e4p-1 : 0x1.62e42fee00000p-1 }
  private var ln2Low: Scalar { isSingle ? Scalar(Float(0x1.7f7d1cp-20)) : 0x1.a39ef35793c76p-33 }

  /// eˣ; 0 where that is below every number, infinite where it is above.
  public func exp(_ x: Scalar) -> Scalar {
    let most: Scalar = isSingle ? Scalar(Float(88.7228394)) : 709.782712893384
    let least: Scalar = isSingle ? -104 : -745.2
    if x.isNaN { return x }
    if x > most { return .infinity }
    if x < least { return 0 }
    let scale = fma(x, Scalar(1.4426950408889634), magic) - magic
    let rest = fma(scale, -ln2Low, fma(scale, -ln2High, x))
    let terms = isSingle ? 7 : 13
    var sum = Scalar(1 / factorial(terms))
    for term in stride(from: terms - 1, through: 0, by: -1) { sum = fma(sum, rest, Scalar(1 / factorial(term))) }
    let exponent = Int(scale)
    let half = exponent >> 1
    return sum * power(half) * power(exponent - half)
  }

  private func factorial(_ number: Int) -> Double { (0..<number).reduce(1.0) { $0 * Double($1 + 1) } }

  private func power(_ exponent: Int) -> Scalar {
    Scalar(sign: .plus, exponent: Scalar.Exponent(exponent), significand: 1)
  }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid(_ x: Scalar) -> Scalar {
    let power = exp(-abs(x))
    return (x < 0 ? power : 1) / (power + 1)
  }

  /// The hyperbolic tangent.
  public func tanh(_ x: Scalar) -> Scalar {
    if x.isNaN { return x }
    if abs(x) < 1 {
      // Lambert's continued fraction, cut off and multiplied out.
      let above: [Scalar] = isSingle ? [21, 1260, 10395] : [1, 990, 135_135, 4_729_725, 34_459_425]
      let below: [Scalar] =
        isSingle ? [1, 210, 4725, 10395] : [45, 13860, 945_945, 16_216_200, 34_459_425]
      let square = x * x
      let top = above.dropFirst().reduce(above[0]) { fma($0, square, $1) }
      let bottom = below.dropFirst().reduce(below[0]) { fma($0, square, $1) }
      return x * top / bottom
    }
    let size = 1 - 2 / (exp(abs(x) + abs(x)) + 1)
    return x < 0 ? -size : size
  }

  /// An activation of one weighted sum.
  public func activate(_ z: Scalar, _ activation: ActivationKernel) -> Scalar {
    switch activation {
    case .relu: z < 0 ? 0 : z
    case .sigmoid: sigmoid(z)
    case .tanh: tanh(z)
    }
  }

  /// A slope times that of the activation whose output is given.
  public func sloped(_ delta: Scalar, _ output: Scalar, _ activation: ActivationKernel) -> Scalar {
    switch activation {
    case .relu: output > 0 ? delta : 0
    case .sigmoid: delta * (output * (1 - output))
    case .tanh: delta * fma(-output, output, 1)
    }
  }

  /// The sum of virtual lanes: the upper half onto the lower, until one is left.
  public func tree(_ lanes: [Scalar]) -> Scalar {
    var partial = lanes
    while partial.count > 1 {
      let half = partial.count / 2
      partial = (0..<half).map { partial[$0] + partial[$0 + half] }
    }
    return partial[0]
  }

  /// Σ aₙ bₙ by virtual lanes.
  public func dot(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
    var lanes = [Scalar](repeating: 0, count: Scalar.Lanes.scalarCount)
    for n in a.indices { lanes[n % lanes.count] = fma(a[n], b[n], lanes[n % lanes.count]) }
    return tree(lanes)
  }

  /// Σ aₙ by virtual lanes.
  public func sum(_ a: [Scalar]) -> Scalar {
    var lanes = [Scalar](repeating: 0, count: Scalar.Lanes.scalarCount)
    for n in a.indices { lanes[n % lanes.count] = lanes[n % lanes.count] + a[n] }
    return tree(lanes)
  }

  /// Σₖ aₖ bₖ in index order, from `initial`.
  public func product(_ a: [Scalar], _ b: [Scalar], initial: Scalar = 0) -> Scalar {
    zip(a, b).reduce(initial) { fma($1.0, $1.1, $0) }
  }

  /// The slopes of the mean cross-entropy of `count` examples by one example's logits.
  public func crossEntropySlopes(_ logits: [Scalar], label: Int, count: Int) -> [Scalar] {
    let scale = Scalar(1 / Double(count))
    if logits.count == 1 { return [(sigmoid(logits[0]) - Scalar(label)) * scale] }
    let top = logits.dropFirst().reduce(logits[0]) { $1 > $0 ? $1 : $0 }
    let powers = logits.map { exp($0 - top) }
    let sum = powers.reduce(0) { $0 + $1 }
    return powers.enumerated().map { ($1 / sum - ($0 == label ? 1 : 0)) * scale }
  }

  /// One weight's update; gives the weight and the optimiser's memory after it.
  public func step(
    _ step: OptimizerStep, weight: Scalar, slope: Scalar, first: Scalar, second: Scalar
  ) -> (weight: Scalar, first: Scalar, second: Scalar) {
    let slope = step.decay != 0 ? fma(Scalar(step.decay), weight, slope) : slope
    guard step.adamPowers != nil else {
      let velocity = step.momentum > 0 ? fma(Scalar(step.momentum), first, slope) : slope
      return (fma(-Scalar(step.rate), velocity, weight), velocity, second)
    }
    let (b1, b2) = (Scalar(0.9), Scalar(0.999))
    let mean = fma(b1, first, slope * (1 - b1))
    let square = fma(b2, second, slope * slope * (1 - b2))
    let below = fma(square.squareRoot(), Scalar(step.secondRootScale), Scalar(1e-8))
    return (weight - Scalar(step.rate * step.firstScale) * mean / below, mean, square)
  }
}
