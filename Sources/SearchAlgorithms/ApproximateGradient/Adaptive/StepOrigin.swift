import SearchSpace

extension StepMark {
  /// The origin of a start, or the first facts of a step: as a search that begins again reads them.
  func origin(in log: LearningLog) -> Origin {
    var origin = Origin(kind: isStart ? Kind.start : Kind.step)
    origin.facts.append(Origin.Fact(Name.run, .integer(run + 1)))
    if let movedTo { origin.facts.append(Origin.Fact(Name.movedTo, .integer(log.number(of: movedTo)))) }
    if !isStart { origin.facts.append(Origin.Fact(Name.step, .real(step))) }
    if doublings > 0 { origin.facts.append(Origin.Fact(Name.doublings, .integer(doublings))) }
    return origin
  }
}

extension ScoredStep {
  /// At most this many axes are told of a gradient, the steepest first.
  private static let mostAxes = 8
  /// Figures for people have this many digits.
  private static let digits = 4

  /// Run, centre, step size, the axes that the step moves along, the difference that is expected with its standard
  /// deviation, both in the metric's unit, and the gradient: by axis the metric's change for each level.
  func origin(_ mesh: StepMesh, in log: LearningLog) -> Origin {
    let place = bestPlace
    var origin = mark.origin(in: log)
    origin.facts.append(Origin.Fact("centre", .integer(log.number(of: centre))))
    origin.facts.append(Origin.Fact("axes", .string(axes(from: log.point(of: centre), to: points[place], mesh))))
    // z = ln(1 + (y − b) / s) has the slope 1 / (s + y − b): small differences are told in the metric's unit by it.
    let height = flattening.values[centre]
    let slope = flattening.spread * PlainMath.exp(height)
    let difference = flattening.spread * (PlainMath.exp(predictions[place].mean) - PlainMath.exp(height))
    let uncertainty = flattening.spread * PlainMath.exp(predictions[place].mean) * predictions[place].deviation
    let sign = log.maximize ? -1.0 : 1.0
    origin.facts.append(Origin.Fact("predicted_difference", .real((sign * difference).rounded(digits: Self.digits))))
    origin.facts.append(Origin.Fact("uncertainty", .real(uncertainty.rounded(digits: Self.digits))))
    let slopes = gradient(slope * sign, mesh)
    if !slopes.isEmpty { origin.facts.append(Origin.Fact("gradient", .string(slopes))) }
    return origin
  }

  /// The names of the axes that differ, numbers with the levels that they move: `units_1:+2,rate:-1,kind`.
  private func axes(from centre: RankedPoint, to point: RankedPoint, _ mesh: StepMesh) -> String {
    mesh.axes.axes.indices.filter { centre[$0] != point[$0] }.map { place in
      let axis = mesh.axes.axes[place]
      guard axis.isOrdered, centre[place] >= 0, point[place] >= 0 else { return axis.parameter.name }
      let way = mesh.difference(place, from: centre[place], to: point[place])
      let levels = axis.isContinuous ? (way / axis.last).rounded(digits: Self.digits) : way
      return axis.parameter.name + (levels < 0 ? ":" : ":+") + Self.text(levels)
    }.joined(separator: ",")
  }

  private func gradient(_ scale: Double, _ mesh: StepMesh) -> String {
    let slopes = mesh.ordered.enumerated().map { offset, place in
      let axis = mesh.axes.axes[place]
      let unit = axis.isContinuous ? axis.last : 1
      return (name: axis.parameter.name, slope: (gradient[offset] * scale * unit).rounded(digits: Self.digits))
    }
    return slopes.enumerated().sorted { (-abs($0.element.slope), $0.offset) < (-abs($1.element.slope), $1.offset) }
      .prefix(Self.mostAxes).map { "\($0.element.name):\(Self.text($0.element.slope))" }.joined(separator: ",")
  }

  /// A number without a fraction where it has none.
  private static func text(_ number: Double) -> String {
    abs(number) < 1e15 && number == number.rounded() ? "\(Int(number))" : "\(number)"
  }
}

extension Double {
  /// The number nearest to it with this many digits; itself where that is out of reach.
  func rounded(digits: Int) -> Double {
    guard isFinite, self != 0 else { return isFinite ? 0 : self }
    var scale = 1.0
    var size = magnitude
    let low = Double.power(of: 10, digits - 1)
    guard size > 1e-290, size < 1e290 else { return self }
    while size < low {
      size *= 10
      scale *= 10
    }
    let whole = low * 10
    var divisor = 1.0
    while size >= whole {
      size /= 10
      divisor *= 10
    }
    return (self * scale / divisor).rounded() * divisor / scale
  }

  private static func power(of base: Double, _ exponent: Int) -> Double {
    (0..<max(exponent, 0)).reduce(1.0) { power, _ in power * base }
  }
}
