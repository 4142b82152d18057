import JSONText
import SearchSpace

/// Studies whose trials callers run.
extension DefinitionResolver {
  /// What a definition without a model of Cairn's own cannot have.
  private static let leftOut = ["dataset", "validation"]

  /// Only the caller knows the settings of an external model.
  mutating func checkExternal(_ model: ModelReading) {
    for member in model.members.object.members where member.name != "kind" && member.value != .null {
      faults.add(
        model.members.at(member.name),
        "A model of kind external has no settings here, but \(member.name) is one; tune it in parameters, or let the "
          + "program that runs the trials keep it.")
    }
  }

  /// Reports what says how Cairn trains, where it trains nothing.
  mutating func checkLeftOut(_ body: Members) {
    for name in Self.leftOut where body[name] != nil {
      faults.add(
        body.at(name),
        "\(name) does not go with a model of kind external, whose trials the caller runs; leave one of the two out.")
    }
  }

  /// The space of an external model: every parameter that is right, none depending on another.
  func externalSettings(_ parameters: ParametersReading) -> SettingsReading? {
    guard !parameters.isFaulty, !parameters.isUnreadable else { return nil }
    let space = ParameterSpace(parameters.domains.map { Parameter(name: $0.key, domain: $0.value) })
    return SettingsReading(constants: [:], space: space)
  }
}
