/// What validation and people must know of an algorithm.
public struct AlgorithmFacts: Sendable, Hashable {
  /// The name in definitions (`grid`).
  public var name: String
  /// Raised whenever the same definition would get other suggestions.
  public var version: Int
  /// One or two sentences for a person.
  public var summary: String
  /// Where it comes from: authors, title, year, DOI.
  public var citation: String
  /// Its own options.
  public var options: [ParameterDescription]
  /// Whether its suggestions depend on the budget.
  public var usesBudget: Bool
  /// Whether every parameter must have a grid.
  public var needsGrid: Bool
  /// Whether a definition without a budget covers the whole grid.
  public var coversGrid: Bool
  /// Forms of it with a version and rules of their own.
  public var forms: [AlgorithmForm]

  /// Makes the facts.
  public init(
    name: String, version: Int, summary: String, citation: String, options: [ParameterDescription],
    usesBudget: Bool = false, needsGrid: Bool = false, coversGrid: Bool = false,
    forms: [AlgorithmForm] = []
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.citation = citation
    self.options = options
    self.usesBudget = usesBudget
    self.needsGrid = needsGrid
    self.coversGrid = coversGrid
    self.forms = forms
  }

  /// The form that some options choose; nil where it is the usual one.
  public func form(of options: [String: ParameterValue]) -> AlgorithmForm? {
    forms.first { options[$0.option] == .string($0.value) }
  }

  /// Every form, the usual one too, in the order of the values that choose them; empty where there is one form alone.
  public var allForms: [AlgorithmForm] {
    options.filter { option in forms.contains { $0.option == option.name } }.flatMap { option -> [AlgorithmForm] in
      guard case .categorical(let values) = option.kind else { return [] }
      return values.map { value in
        let facts = chosen(by: [option.name: .string(value)])
        return AlgorithmForm(
          option: option.name, value: value, version: facts.version,
          options: facts.options.map(\.name).filter { $0 != option.name }, needsGrid: facts.needsGrid)
      }
    }
  }

  /// The facts of the form that some options choose.
  public func chosen(by options: [String: ParameterValue]) -> AlgorithmFacts {
    guard let form = form(of: options) else { return self }
    var facts = self
    facts.version = form.version
    facts.needsGrid = form.needsGrid
    facts.options = self.options.filter { form.takes($0.name) }
    return facts
  }
}

/// A form of an algorithm that one value of an option chooses, with a version and rules of its own.
public struct AlgorithmForm: Sendable, Hashable {
  /// The option that chooses it.
  public var option: String
  /// The option's value.
  public var value: String
  /// Its version: studies of it keep it when the algorithm gets another one.
  public var version: Int
  /// The other options that it takes.
  public var options: [String]
  /// Whether every parameter must have a grid.
  public var needsGrid: Bool

  /// Makes a form.
  public init(option: String, value: String, version: Int, options: [String], needsGrid: Bool) {
    self.option = option
    self.value = value
    self.version = version
    self.options = options
    self.needsGrid = needsGrid
  }

  /// Whether it takes an option.
  public func takes(_ name: String) -> Bool { name == option || options.contains(name) }
}
