import JSONText
import SearchSpace

/// The `model` of a body, read as far as it can be alone.
struct ModelReading {
  /// What the catalogue says of the kind; nil where the kind is unknown or faulty.
  var facts: ModelFacts?
  /// The kind is `external`.
  var isExternal = false
  /// The settings that may be named, by name; empty where the kind is unknown.
  var settings: [String: ParameterDescription] = [:]
  /// Their names in the order of the catalogue.
  var names: [String] = []
  /// The members of `model`.
  var members: Members
  /// The constants that are right.
  var constants: [String: ParameterValue] = [:]
  /// The names of all constants that are given, right or wrong.
  var given: Set<String> = []
  /// `activations` as a list.
  var activationList: [ParameterValue]?
  /// `activations` (or `activation`) as one for all.
  var sharedActivation: ParameterValue?
  /// Whether something in it is faulty.
  var isFaulty = false

  /// Whether the model has hidden layers to count.
  var isLayered: Bool { settings["layers"] != nil }

  /// The most hidden layers that the kind allows.
  var mostLayers: Int {
    if case .integer(_, let maximum)? = settings["layers"]?.kind { return maximum }
    return 0
  }
}

extension DefinitionResolver {
  mutating func model(_ body: Members) -> ModelReading? {
    let kinds = context.models.map(\.kind)
    guard let value = body["model"] else {
      faults.missing(["model"], at: .root, "model is missing; it needs a kind: \(Self.list(kinds)).")
      return nil
    }
    let pointer = body.at("model")
    guard case .object(let object) = value else {
      faults.add(pointer, "model must be a JSON object with a kind, but is \(value.kindOfValue).")
      return nil
    }
    var model = ModelReading(members: Members(object: object, pointer: pointer))
    guard model.members["kind"] != nil else {
      faults.missing(["kind"], at: pointer, "kind is missing; it must be one of: \(Self.list(kinds)).")
      return model
    }
    guard let kind = faults.string("kind", of: model.members) else { return model }
    guard kind != "external" else {
      faults.add(pointer.appending("kind"), "The kind external is not supported yet.")
      model.isExternal = true
      return model
    }
    guard let facts = context.models.first(where: { $0.kind == kind }) else {
      faults.unknown("kind of model", kind, among: kinds, at: pointer.appending("kind"))
      return model
    }
    model.facts = facts
    (model.names, model.settings) = Self.settings(of: facts)
    constants(&model)
    return model
  }

  /// Every setting that a definition may name. Where the catalogue describes the activation once for all layers, each
  /// layer has one of its own too, and the other way round.
  private static func settings(of facts: ModelFacts) -> ([String], [String: ParameterDescription]) {
    var descriptions = facts.parameters.filter { $0.name != "activations" }
    let described = facts.parameters.first { ["activation", "activations", "activation_1"].contains($0.name) }
    if let described, let layers = descriptions.first(where: { $0.name == "layers" }),
      case .integer(_, let mostLayers) = layers.kind
    {
      let names = ["activation"] + (1...max(mostLayers, 1)).map { "activation_\($0)" }
      for name in names where !descriptions.contains(where: { $0.name == name }) {
        var description = described
        description.name = name
        description.tunable = true
        descriptions.append(description)
      }
    }
    return (descriptions.map(\.name), Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first })
  }

  private mutating func constants(_ model: inout ModelReading) {
    let before = faults.faults.count
    let hasActivations = model.settings["activation"] != nil
    let known = ["kind"] + model.names + (hasActivations ? ["activations"] : [])
    for member in model.members.object.members where member.name != "kind" && member.value != .null {
      let pointer = model.members.at(member.name)
      if hasActivations, member.name == "activations" || member.name == "activation" {
        activations(member, of: &model)
      } else if let setting = model.settings[member.name] {
        model.given.insert(member.name)
        if let value = setting.kind.value(of: member.value) {
          model.constants[member.name] = value
        } else {
          faults.add(pointer, setting.kind.complaint(about: member.name, member.value))
        }
      } else {
        faults.unknown("key", member.name, among: known, at: pointer)
      }
    }
    model.isFaulty = faults.faults.count > before
  }

  /// Reads `activations` (one for all hidden layers, or a list with one a layer) or a constant `activation`.
  private mutating func activations(_ member: JSONObject.Member, of model: inout ModelReading) {
    let pointer = model.members.at(member.name)
    guard let kind = model.settings["activation"]?.kind else { return }
    if model.given.contains("activation") {
      faults.add(pointer, "activation and activations say the same thing; keep one of them.")
      return
    }
    model.given.insert("activation")
    guard member.name == "activations", let elements = member.value.arrayValue else {
      if let value = kind.value(of: member.value) {
        model.sharedActivation = value
      } else {
        let list = member.name == "activations" ? ", or a list with one for each hidden layer" : ""
        faults.add(pointer, kind.complaint(about: member.name, member.value).dropLast() + list + ".")
      }
      return
    }
    guard elements.count <= model.mostLayers else {
      faults.add(
        pointer,
        "activations is a list of \(elements.count), but there can be at most \(model.mostLayers) hidden layers.")
      return
    }
    var values: [ParameterValue] = []
    for (index, element) in elements.enumerated() {
      if let value = kind.value(of: element) {
        values.append(value)
      } else {
        faults.add(pointer.appending(index), kind.complaint(about: "An activation", element))
      }
    }
    if values.count == elements.count { model.activationList = values }
  }
}
