import JSONText
import SearchSpace

/// Every setting of the model: what is fixed and what is tuned.
struct SettingsReading {
  var constants: [String: ParameterValue]
  var space: ParameterSpace
}

extension DefinitionResolver {
  /// Brings constants, parameters and defaults together; nil where one of them is faulty.
  mutating func settings(of model: ModelReading?, parameters: ParametersReading, root: Members) -> SettingsReading? {
    if let model, model.source != .training { return bareSettings(parameters) }
    guard let model, let facts = model.facts, !parameters.isUnreadable else { return nil }
    let before = faults.faults.count
    var constants = model.constants
    var conditions: [String: Condition] = [:]
    for name in model.names where !facts.repeated.contains(where: { $0.owns(name) }) {
      guard !model.given.contains(name), !parameters.given.contains(name) else { continue }
      if let value = model.settings[name]?.defaultValue {
        constants[name] = value
      } else {
        faults.missing(
          [name], at: model.members.pointer, "\(name) is missing; give it here, or tune it in parameters.")
      }
    }
    var counts: [String: ClosedRange<Int>] = [:]
    for repeated in facts.repeated {
      counts[repeated.count] = blocks(of: repeated, model: model, parameters: parameters)
    }
    // What is counted through begins behind the most blocks that come first.
    for repeated in facts.repeated.placed({ counts[$0]?.upperBound }) where counts.count == facts.repeated.count {
      guard let blocks = counts[repeated.count] else { continue }
      if !parameters.given.contains(repeated.count) { constants[repeated.count] = .integer(blocks.upperBound) }
      checkBlocks(of: repeated, blocks, model: model, parameters: parameters)
      addNamed(repeated, blocks, model: model, parameters: parameters, to: &constants)
      addShared(repeated, blocks, model: model, parameters: parameters, to: &constants)
      for name in parameters.given {
        if let block = repeated.block(of: name), block > blocks.lowerBound {
          conditions[name] = Condition(repeated.count, .atLeast(Double(block)))
        }
      }
    }
    guard faults.faults.count == before, !model.isFaulty, !parameters.isFaulty else { return nil }
    let space = ParameterSpace(
      parameters.domains.map {
        Parameter(
          name: $0.key, domain: $0.value, condition: conditions[$0.key],
          isStructural: model.settings[$0.key]?.isStructural ?? false)
      })
    return SettingsReading(constants: constants, space: space)
  }
}
