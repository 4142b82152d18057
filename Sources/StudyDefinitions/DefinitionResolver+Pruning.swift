import JSONText
import SearchSpace

extension DefinitionResolver {
  /// The rule by which trials end early, with its options, defaults filled in; nil where it is left out or faulty.
  mutating func pruning(_ body: Members) -> PruningDefinition? {
    guard let value = body["pruning"] else { return nil }
    let names = context.pruningRules.map(\.name)
    let pointer = body.at("pruning")
    guard case .object(let object) = value else {
      faults.add(pointer, #"pruning must be a JSON object such as {"rule": "median"}, but is \#(value.kindOfValue)."#)
      return nil
    }
    let named = Members(object: object, pointer: pointer)
    guard named["rule"] != nil else {
      faults.missing(["rule"], at: pointer, "rule is missing; it must be one of: \(Self.list(names)).")
      return nil
    }
    guard let name = faults.choice("rule", of: named, among: names, called: "pruning rule"),
      let facts = context.pruningRules.first(where: { $0.name == name }),
      let members = faults.members(
        of: value, at: pointer, called: "pruning", known: ["rule"] + facts.options.map(\.name))
    else { return nil }
    let before = faults.faults.count
    let options = options(facts.options, of: members)
    if !facts.needsOneOf.isEmpty, facts.needsOneOf.allSatisfy({ members[$0] == nil }) {
      faults.missing(
        facts.needsOneOf, at: pointer, "\(name) needs \(facts.needsOneOf.joined(separator: " or ")); give one of them.")
    }
    if let pair = facts.ascending, let below = options[pair.below]?.number, let above = options[pair.above]?.number,
      below >= above
    {
      faults.add(
        members.at(pair.above),
        "\(pair.above) must be above \(pair.below), which is \(JSONNumber.text(below)), but is \(JSONNumber.text(above))."
      )
    }
    return faults.faults.count == before
      ? PruningDefinition(rule: name, version: facts.version, options: options) : nil
  }
}
