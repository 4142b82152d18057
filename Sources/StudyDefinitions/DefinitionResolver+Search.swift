import JSONText
import SearchSpace

/// The `algorithm` of a body.
struct AlgorithmReading {
  var facts: AlgorithmFacts
  var options: [String: ParameterValue]
  /// Where the body has it, or would have it.
  var pointer: JSONPointer
  /// Why it was chosen, where the service chose it.
  var reason: String?
}

extension DefinitionResolver {
  /// The algorithm with its options, defaults filled in; `auto` where it is left out, and nil where it is faulty.
  mutating func algorithm(_ body: Members) -> AlgorithmReading? {
    let names = context.algorithms.map(\.name)
    let pointer = algorithmOfComparison ?? body.at("algorithm")
    guard let value = body["algorithm"] else {
      return facts(of: AlgorithmFacts.automaticName).map { AlgorithmReading(facts: $0, options: [:], pointer: pointer) }
    }
    guard case .object(let object) = value else {
      faults.add(
        pointer, #"algorithm must be a JSON object such as {"name": "random"}, but is \#(value.kindOfValue)."#)
      return nil
    }
    let named = Members(object: object, pointer: pointer)
    guard named["name"] != nil else {
      faults.missing(["name"], at: pointer, "name is missing; it must be one of: \(Self.list(names)).")
      return nil
    }
    guard let name = faults.choice("name", of: named, among: names, called: "algorithm"),
      let facts = facts(of: name),
      let members = faults.members(
        of: value, at: pointer, called: "algorithm",
        known: ["name"] + (algorithmOfComparison == nil ? [] : ["label"]) + facts.options.map(\.name))
    else { return nil }
    let before = faults.faults.count
    var options = options(facts.options, of: members)
    if let form = facts.form(of: options) {
      for name in facts.options.map(\.name) where !form.takes(name) {
        options[name] = nil
        if members[name] != nil {
          faults.add(
            members.at(name), "\(form.option) \(form.value) does not take \(name); leave one of the two out.")
        }
      }
    }
    return faults.faults.count == before
      ? AlgorithmReading(facts: facts.chosen(by: options), options: options, pointer: pointer) : nil
  }

  private func facts(of name: String) -> AlgorithmFacts? { context.algorithms.first { $0.name == name } }

  /// What `auto` chooses for a space, with its default options; any other algorithm as it is.
  func chosen(_ reading: AlgorithmReading, space: ParameterSpace, budget: Budget, parallelism: Int) -> AlgorithmReading
  {
    guard reading.facts.name == AlgorithmFacts.automaticName else { return reading }
    let trials = budget.trials ?? (budget.seconds == nil ? Self.defaultTrials : nil)
    let choice = context.automatic(SearchTask(space: space, trials: trials, parallelism: parallelism))
    guard let facts = facts(of: choice.name) else { preconditionFailure("\(choice.name) is not in the catalogue") }
    let options = facts.options.compactMap { option in option.defaultValue.map { (option.name, $0) } }
    return AlgorithmReading(
      facts: facts, options: Dictionary(uniqueKeysWithValues: options), pointer: reading.pointer, reason: choice.reason)
  }

  /// An algorithm that needs a grid refuses real ranges without `points`.
  mutating func checkGrid(_ parameters: ParametersReading, for algorithm: AlgorithmFacts) {
    guard algorithm.needsGrid else { return }
    for name in parameters.given {
      if case .realRange? = parameters.domains[name] {
        faults.add(
          parameters.pointer.appending(name),
          "points is missing: \(algorithm.name) needs a grid, so a real range says how many points it has.")
      }
    }
  }
}
