import JSONText
import SearchSpace

extension DefinitionResolver {
  /// The algorithm with its resource: the parameter that its option names, else the one that says where a training of the
  /// model ends. Reports one whose levels cannot be rungs, and leaves it out then.
  mutating func withResource(
    _ reading: AlgorithmReading, progressSetting: String?, space: ParameterSpace
  ) -> AlgorithmReading {
    guard let option = reading.facts.options.first(where: { $0.kind == .parameterName })?.name else { return reading }
    var reading = reading
    let given = reading.options[option].flatMap { value in
      if case .string(let name) = value { name } else { nil }
    }
    guard let name = given ?? progressSetting else {
      faults.missing(
        [option], at: reading.pointer,
        "\(option) is missing; it names the tuned number whose levels are the rungs of \(reading.facts.name).")
      return reading
    }
    reading.options[option] = .string(name)
    let pointer = given == nil ? reading.pointer : reading.pointer.appending(option)
    switch space.fault(ofResource: name) {
    case nil: break
    case .unknown where given == nil:
      faults.add(
        pointer,
        "\(reading.facts.name) needs \(name) among the parameters, because its levels are the rungs; tune it, or name "
          + "another parameter as \(option).")
    case .unknown:
      faults.unknown("parameter", name, among: space.parameters.map(\.name), at: pointer)
    case .category:
      faults.add(pointer, "\(option) must be a number, but \(name) is a category, whose values have no order.")
    case .noLevels:
      faults.add(pointer, "\(option) needs levels, but \(name) is a range without them; give it points or values.")
    case .oneLevel:
      faults.add(pointer, "\(option) needs at least two levels, but \(name) has one.")
    case .conditional:
      faults.add(pointer, "\(option) must be in every point, but \(name) is absent from some.")
    case .deciding:
      faults.add(pointer, "\(option) may not decide which other parameters there are, as \(name) does.")
    }
    return reading
  }
}
