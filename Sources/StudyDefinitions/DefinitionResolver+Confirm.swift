import JSONText
import SearchSpace

extension DefinitionResolver {
  /// The members of `confirm`.
  private static let confirmKeys = ["trials", "confidence"]
  private static let confidences = ParameterDescription.Kind.real(
    minimum: 0.5, maximum: 1, minimumExclusive: true, maximumExclusive: true)

  /// The `confirm` of a definition; nil where it is left out or faulty. `budget`: what the definition says of it, where that
  /// has no fault.
  mutating func confirm(_ body: Members, budget: Budget?) -> ConfirmDefinition? {
    guard let value = body["confirm"] else { return nil }
    guard let confirm = confirm(value, at: body.at("confirm")), let budget else { return nil }
    guard let total = budget.trials else {
      faults.missing(
        ["budget", "trials"], at: body["budget"] == nil ? .root : body.at("budget"),
        "budget.trials is missing: confirm takes its \(confirm.trials) trials from its end, so it must be given, and be larger."
      )
      return nil
    }
    guard total > confirm.trials else {
      faults.add(
        body.at("confirm").appending("trials"),
        "confirm.trials must be smaller than budget.trials, which is \(total), but is \(confirm.trials).")
      return nil
    }
    return confirm
  }

  /// The members of a `confirm`; nil where one is faulty.
  fileprivate mutating func confirm(_ value: JSONValue, at pointer: JSONPointer) -> ConfirmDefinition? {
    let before = faults.faults.count
    guard let members = faults.members(of: value, at: pointer, called: "confirm", known: Self.confirmKeys) else {
      return nil
    }
    if members["trials"] == nil {
      faults.missing(["trials"], at: pointer, "trials is missing: how many trials go to new runs of the best points.")
    }
    let trials = faults.integer("trials", of: members, in: 2...ParameterDescription.Kind.largestInteger)
    var confidence = ConfirmDefinition.defaultConfidence
    if let json = members["confidence"] {
      if let number = Self.confidences.value(of: json)?.number {
        confidence = number
      } else {
        faults.add(members.at("confidence"), Self.confidences.complaint(about: "confidence", json))
      }
    }
    guard let trials, faults.faults.count == before else { return nil }
    return ConfirmDefinition(trials: trials, confidence: confidence)
  }
}

extension DefinitionValidator {
  /// What a posted body asks for beyond a study's budget.
  public func confirm(_ body: JSONValue) throws(InvalidDefinition) -> ConfirmDefinition {
    var resolver = DefinitionResolver(context: context)
    let confirm = resolver.confirm(body, at: .root)
    try resolver.faults.check(against: body)
    guard let confirm else { throw InvalidDefinition(faults: [Fault(at: .root, "The body cannot be used.")]) }
    return confirm
  }
}
