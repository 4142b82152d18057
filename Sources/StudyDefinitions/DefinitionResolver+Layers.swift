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
    guard let model, model.facts != nil, !parameters.isUnreadable else { return nil }
    let before = faults.faults.count
    var constants = model.constants
    var presence: [String: Int] = [:]
    for name in model.names where !Self.isLayerSetting(name) {
      guard !model.given.contains(name), !parameters.given.contains(name) else { continue }
      if let value = model.settings[name]?.defaultValue {
        constants[name] = value
      } else {
        faults.missing(
          [name], at: model.members.pointer, "\(name) is missing; give it here, or tune it in parameters.")
      }
    }
    if model.isLayered {
      let layers = layers(of: model, parameters: parameters)
      if let layers {
        if !parameters.given.contains("layers") { constants["layers"] = .integer(layers.most) }
        checkLayerNames(layers, model: model, parameters: parameters)
        addUnits(layers, model: model, parameters: parameters, to: &constants)
        addActivations(layers, model: model, parameters: parameters, to: &constants)
        for name in parameters.given {
          if let layer = HiddenLayers.layer(of: name), layer > layers.least { presence[name] = layer }
        }
      }
    }
    guard faults.faults.count == before, !model.isFaulty, !parameters.isFaulty else { return nil }
    let space = ParameterSpace(
      parameters.domains.map { Parameter(name: $0.key, domain: $0.value, presentFromLayers: presence[$0.key]) })
    return SettingsReading(constants: constants, space: space)
  }

  private static func isLayerSetting(_ name: String) -> Bool {
    name == "layers" || name == "activation" || HiddenLayers.layer(of: name) != nil
  }

  /// How many hidden layers the points have at least and at most: `layers`, else the length of `activations`, else
  /// the highest `units_i`. Nil where nothing right says so, which is a fault unless it is one already.
  private mutating func layers(of model: ModelReading, parameters: ParametersReading) -> (least: Int, most: Int)? {
    if parameters.given.contains("layers") {
      guard let domain = parameters.domains["layers"] else { return nil }
      switch domain {
      case .integerRange(let minimum, let maximum, _): return (minimum, maximum)
      case .levels, .categories, .realRange:
        guard let counts = domain.listedIntegers, let least = counts.first, let most = counts.last else { return nil }
        return (least, most)
      }
    }
    if model.given.contains("layers") {
      guard case .integer(let count)? = model.constants["layers"] else { return nil }
      return (count, count)
    }
    if case .array? = model.members["activations"] {
      guard let count = model.activationList?.count else { return nil }
      if let kind = model.settings["layers"]?.kind, kind.value(of: .number(Double(count))) == nil {
        faults.add(
          model.members.at("activations"),
          "activations is a list of \(count), but the number of hidden layers must be \(kind.expectation).")
        return nil
      }
      return (count, count)
    }
    let named = (parameters.given + model.given).filter { $0.hasPrefix("units_") && model.settings[$0] != nil }
    guard let highest = named.compactMap(HiddenLayers.layer(of:)).max() else {
      faults.missing(
        ["layers", "activations"] + model.names.filter { $0.hasPrefix("units_") }, at: model.members.pointer,
        "The number of hidden layers is missing; give layers, a list of activations, or units_1 and its like."
      )
      return nil
    }
    return (highest, highest)
  }

  /// Sources that disagree on the number of hidden layers.
  private mutating func checkLayerNames(
    _ layers: (least: Int, most: Int), model: ModelReading, parameters: ParametersReading
  ) {
    let most = layers.most == 1 ? "1 hidden layer" : "\(layers.most) hidden layers"
    if let list = model.activationList, list.count != layers.most {
      faults.add(
        model.members.at("activations"),
        "activations is a list of \(list.count), but layers says \(most); it must have one for each.")
    }
    for (names, pointer) in [(Array(model.given), model.members.pointer), (parameters.given, parameters.pointer)] {
      for name in names where model.settings[name] != nil {
        if let layer = HiddenLayers.layer(of: name), layer > layers.most {
          faults.add(pointer.appending(name), "\(name) is for hidden layer \(layer), but the model has only \(most).")
        }
      }
    }
  }

  private mutating func addUnits(
    _ layers: (least: Int, most: Int), model: ModelReading, parameters: ParametersReading,
    to constants: inout [String: ParameterValue]
  ) {
    for layer in 0..<layers.most {
      let name = "units_\(layer + 1)"
      if model.given.contains(name) || parameters.given.contains(name) || model.settings[name] == nil { continue }
      if let value = model.settings[name]?.defaultValue {
        constants[name] = value
      } else {
        faults.missing(
          [name], at: model.members.pointer,
          "\(name) is missing: hidden layer \(layer + 1) needs it, here or in parameters.")
      }
    }
  }

  private mutating func addActivations(
    _ layers: (least: Int, most: Int), model: ModelReading, parameters: ParametersReading,
    to constants: inout [String: ParameterValue]
  ) {
    guard let description = model.settings["activation"] else { return }
    let isTuned = parameters.given.contains("activation")
    if isTuned {
      let named = model.given.union(parameters.given).filter { $0.hasPrefix("activation_") }
      for name in named.sorted() {
        let pointer = (model.given.contains(name) ? model.members.pointer : parameters.pointer).appending(name)
        faults.add(pointer, "\(name) and the tuned activation for all layers exclude each other; keep one.")
      }
      return
    }
    for layer in 0..<layers.most {
      let name = "activation_\(layer + 1)"
      if parameters.given.contains(name) { continue }
      if model.given.contains(name) {
        if model.given.contains("activation") {
          faults.add(model.members.at(name), "\(name) and activations exclude each other; keep one of them.")
        }
        continue
      }
      let own = model.activationList.flatMap { $0.indices.contains(layer) ? $0[layer] : nil }
      if let value = own ?? model.sharedActivation ?? model.settings[name]?.defaultValue ?? description.defaultValue {
        constants[name] = value
      } else if !model.given.contains("activation") {
        faults.missing(
          ["activations", "activation"], at: model.members.pointer,
          "activations is missing; give one for all hidden layers, or a list.")
        return
      }
    }
  }
}
