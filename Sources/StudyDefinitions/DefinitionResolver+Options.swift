import JSONText
import SearchSpace

extension DefinitionResolver {
  /// The options that a catalogue describes, as given or with their defaults; one that is faulty is left out.
  mutating func options(_ descriptions: [ParameterDescription], of members: Members) -> [String: ParameterValue] {
    var options: [String: ParameterValue] = [:]
    for option in descriptions {
      guard let json = members[option.name] else {
        options[option.name] = option.defaultValue
        continue
      }
      if let value = option.kind.value(of: json) {
        options[option.name] = value
      } else {
        faults.add(members.at(option.name), option.kind.complaint(about: option.name, json))
      }
    }
    return options
  }
}
