import JSONText
import SearchSpace

/// The `model` of a body, read as far as it can be alone.
struct ModelReading {
  /// What the catalogue says of the kind; that of the nearest kind where it is unknown; nil where none is near.
  var facts: ModelFacts?
  /// Where its outcomes come from, by the kind.
  var source = OutcomeSource.training
  /// The kind, where it is known.
  var kind: String? { source.kind ?? facts?.kind }
  /// The settings that may be named, by name; empty without facts.
  var settings: [String: ParameterDescription] = [:]
  /// Their names in the order of the catalogue.
  var names: [String] = []
  /// The members of `model`.
  var members: Members
  /// The constants that are right.
  var constants: [String: ParameterValue] = [:]
  /// The names of all constants that are given, right or wrong.
  var given: Set<String> = []
  /// Lists with a value for each block, by the setting's stem.
  var lists: [String: [ParameterValue]] = [:]
  /// Constants that are one for all blocks, by the setting's stem.
  var shared: [String: ParameterValue] = [:]
  /// Whether something in it is faulty.
  var isFaulty = false
}

extension DefinitionResolver {
  mutating func model(_ body: Members) -> ModelReading? {
    let kinds = context.models.map(\.kind) + [ResolvedDefinition.tableKind, ResolvedDefinition.externalKind]
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
    if let source = OutcomeSource(kind: kind) {
      model.source = source
      checkBare(model)
      return model
    }
    guard let facts = context.models.first(where: { $0.kind == kind }) else {
      faults.unknown("kind of model", kind, among: kinds, at: pointer.appending("kind"))
      // What was probably meant says what else is wrong, so that everything is reported at once.
      let nearest = NearestName.of(kind, among: kinds)
      if let meant = context.models.first(where: { $0.kind == nearest }) { read(&model, as: meant) }
      return model
    }
    read(&model, as: facts)
    return model
  }

  private mutating func read(_ model: inout ModelReading, as facts: ModelFacts) {
    model.facts = facts
    (model.names, model.settings) = Self.settings(of: facts)
    constants(&model, repeated: facts.repeated)
  }

  /// Every setting that a definition may name. Where the catalogue describes a setting once for all blocks, each block has
  /// one of its own too.
  private static func settings(of facts: ModelFacts) -> ([String], [String: ParameterDescription]) {
    var descriptions = facts.parameters
    for repeated in facts.repeated {
      for setting in repeated.shared where setting.after == nil {
        guard var description = descriptions.first(where: { $0.name == setting.stem }) else { continue }
        let most = facts.repeated.kinds(with: setting).reduce(0) { sum, kind in
          guard case .integer(_, let most)? = descriptions.first(where: { $0.name == kind.count })?.kind else {
            return sum
          }
          return sum + most
        }
        for name in (1...max(most, 1)).map(setting.name(ofBlock:)) {
          description.name = name
          if !descriptions.contains(where: { $0.name == name }) { descriptions.append(description) }
        }
      }
    }
    return (descriptions.map(\.name), Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first })
  }

  private mutating func constants(_ model: inout ModelReading, repeated: [RepeatedSettings]) {
    let before = faults.faults.count
    let shared = repeated.flatMap { repeated in repeated.shared.map { (repeated, $0) } }
    let known = ["kind"] + model.names + shared.compactMap(\.1.list)
    for member in model.members.object.members where member.name != "kind" && member.value != .null {
      let pointer = model.members.at(member.name)
      if let (_, setting) = shared.first(where: { [$0.1.list, $0.1.stem].contains(member.name) }) {
        self.shared(member, setting, of: repeated.kinds(with: setting), in: &model)
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

  /// Reads a constant for all blocks by its stem, or by the name that also takes a list with one for each block.
  private mutating func shared(
    _ member: JSONObject.Member, _ setting: RepeatedSettings.Setting, of kinds: [RepeatedSettings],
    in model: inout ModelReading
  ) {
    let pointer = model.members.at(member.name)
    guard let kind = model.settings[setting.stem]?.kind, let list = setting.list else { return }
    if model.given.contains(setting.stem) {
      faults.add(pointer, "\(setting.stem) and \(list) say the same thing; keep one of them.")
      return
    }
    model.given.insert(setting.stem)
    guard member.name == list, let elements = member.value.arrayValue else {
      if let value = kind.value(of: member.value) {
        model.shared[setting.stem] = value
      } else {
        let alternative =
          member.name == list ? ", or a list with one for each \(kinds.map(\.block).joined(separator: " and "))" : ""
        faults.add(pointer, kind.complaint(about: member.name, member.value).dropLast() + alternative + ".")
      }
      return
    }
    let most = kinds.reduce(0) { sum, kind in
      guard case .integer(_, let most)? = model.settings[kind.count]?.kind else { return sum }
      return sum + most
    }
    guard elements.count <= most else {
      faults.add(
        pointer,
        "\(list) is a list of \(elements.count), but there can be at most \(most) "
          + kinds.map { "\($0.block)s" }.joined(separator: " and ") + ".")
      return
    }
    var values: [ParameterValue] = []
    for (index, element) in elements.enumerated() {
      if let value = kind.value(of: element) {
        values.append(value)
      } else {
        faults.add(pointer.appending(index), kind.complaint(about: "A value of \(list)", element))
      }
    }
    if values.count == elements.count { model.lists[setting.stem] = values }
  }
}
