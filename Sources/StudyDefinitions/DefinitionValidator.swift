import DataFacts
import JSONText
import SearchSpace

/// Turns posted definitions and patches into checked ones, or into every fault that they have.
public struct DefinitionValidator: Sendable {
  /// What decides whether a definition is valid, beside itself.
  public var context: DefinitionContext

  /// How many points a prior may have.
  public static let mostPriorPoints = 10_000

  /// Makes a validator.
  public init(context: DefinitionContext) { self.context = context }

  /// Whether a study or a data set may be called that: 1 to 64 characters of a-z, 0-9 and -.
  public static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "-")
      }
  }

  /// The definition of a posted body with every default filled in; `makeName` gives a name where the body has none.
  public func resolve(_ body: JSONValue, makeName: () -> String) throws(InvalidDefinition) -> ResolvedDefinition {
    var resolver = DefinitionResolver(context: context)
    let definition = resolver.resolve(body, makeName: makeName)
    try resolver.faults.check(against: body)
    guard let definition else {
      throw InvalidDefinition(faults: [Fault(at: .root, "The definition cannot be used.")])
    }
    return definition
  }
}

/// Works through one body; what it finds wrong goes to `faults`, and what depends on a faulty part is not looked at.
struct DefinitionResolver {
  static let keys = [
    "name", "dataset", "model", "parameters", "algorithm", "objective", "validation", "budget", "parallelism",
    "max_running", "seed", "training_seed", "retries", "failure_limit", "initial_points", "prior", "pruning", "confirm",
    "reuse", "labels", "notes",
  ]
  static let reservedKeys = [
    "priority", "objectives", "constraints",
  ]

  let context: DefinitionContext
  var faults = FaultList()
  /// Where the algorithm is in the body of a comparison, which also gives it a label; nil in that of a study.
  var algorithmOfComparison: JSONPointer?

  init(context: DefinitionContext) { self.context = context }

  mutating func resolve(_ body: JSONValue, makeName: () -> String) -> ResolvedDefinition? {
    let members = faults.members(
      of: body, at: .root, called: "A study definition", known: Self.keys, reserved: Self.reservedKeys)
    return members.flatMap { resolve($0, makeName: makeName) }
  }

  /// Works through members whose keys are known to be right.
  mutating func resolve(_ members: Members, makeName: () -> String) -> ResolvedDefinition? {
    let name = name(members)
    let model = model(members)
    let source = model?.source ?? .training
    let dataset = dataset(members, source)
    let parameters = parameters(members, model: model)
    let table = source == .table ? dataset : nil
    if let table { check(parameters, areColumnsOf: table) }
    let settings = settings(of: model, parameters: parameters, root: members)
    var algorithm = algorithm(members)
    let names =
      table.map { MetricNames.columns($0, tuned: parameters.given) } ?? (source == .training ? .trained : .any)
    let objective = objective(members, names, source)
    checkLeftOut(members, source)
    let validation = source == .training ? validation(members, dataset: dataset) : nil
    let budget = budget(members, source)
    let parallelism = parallelism(members, source)
    let maxRunning = faults.integer("max_running", of: members, in: 1...ParameterDescription.Kind.largestInteger)
    let seeds = ["seed", "training_seed"].map { faults.integer($0, of: members, in: Self.seeds) ?? 0 }
    let pruning = source == .table ? nil : pruning(members)
    let confirm = confirm(members, budget: budget)
    let retries = faults.integer("retries", of: members, in: 1...Self.mostRetries)
    let failureLimit = faults.integer("failure_limit", of: members, in: 1...Self.mostFailures)
    let reuse = faults.bool("reuse", of: members) ?? true
    let labels = labels(members)
    let notes = notes(members)
    if let given = algorithm, let budget, let settings {
      algorithm = chosen(
        given, space: settings.space, budget: budget.leaving(confirm), parallelism: parallelism)
    }
    let initial = initialPoints(members, space: settings?.space)
    let prior = prior(members, space: settings?.space, objective)
    if let algorithm { checkGrid(parameters, for: algorithm.facts) }
    if let given = algorithm, let model, model.kind != nil, let settings {
      algorithm = withResource(given, progressSetting: model.facts?.progressSetting, space: settings.space)
    }
    var bounded = budget
    if let budget, let settings, let algorithm {
      bounded = defaultBudget(budget, algorithm: algorithm.facts, space: settings.space, members: members)
    }
    var training: TrainingDefinition?
    if let dataset, let validation {
      training = TrainingDefinition(
        dataset: dataset.name, datasetSHA256: dataset.sha256, split: validation.split, final: validation.final,
        scored: context.scoredPart(of: dataset, TrainingSplit(validation.split, final: validation.final)),
        repeats: validation.repeats)
    }
    guard let model, let kind = model.kind, let settings, let algorithm, let objective, let bounded,
      source == .callers || training != nil || table != nil
    else { return nil }
    var definition = ResolvedDefinition(
      name: name ?? makeName(), training: training, modelKind: kind, constants: settings.constants,
      space: settings.space, algorithm: algorithm.facts.name,
      algorithmVersion: algorithm.facts.version, algorithmOptions: algorithm.options,
      algorithmReason: algorithm.reason, metric: objective.metric,
      goal: objective.goal, tieBreak: objective.tieBreak, target: objective.target, budget: bounded,
      parallelism: parallelism, maxRunning: maxRunning, seed: seeds[0], trainingSeed: seeds[1],
      retries: retries ?? ResolvedDefinition.defaultRetries,
      failureLimit: failureLimit ?? ResolvedDefinition.defaultFailureLimit, reuse: reuse, labels: labels, notes: notes,
      numerics: context.numerics)
    definition.table = table.map { TableDefinition(dataset: $0.name, datasetSHA256: $0.sha256) }
    definition.pruning = pruning
    definition.confirm = confirm
    definition.initialPoints = initial
    definition.prior = prior
    if let facts = model.facts, let dataset {
      checkUse(of: definition, model: facts, dataset: dataset, root: members)
      checkMemory(of: definition, model: facts, dataset: dataset)
    }
    return definition
  }

  /// A trial that failed so often will fail again.
  static let mostRetries = 100
  static let mostFailures = 10_000
  static let seeds = -ParameterDescription.Kind.largestInteger...ParameterDescription.Kind.largestInteger

  /// The name, or nil where it is left out or faulty.
  private mutating func name(_ members: Members) -> String? {
    guard let name = faults.string("name", of: members) else { return nil }
    if !DefinitionValidator.isName(name) {
      faults.add(members.at("name"), "name must be 1 to 64 characters of a-z, 0-9 and -.")
    }
    return name
  }

  /// What is known of the data set, or nil where it is left out or faulty, or fits another source.
  private mutating func dataset(_ members: Members, _ source: OutcomeSource) -> DatasetFacts? {
    if source == .callers { return nil }
    guard members["dataset"] != nil else {
      let names = context.datasetNames().sorted()
      faults.missing(["dataset"], at: .root, "dataset is missing; registered: \(Self.list(names)).")
      return nil
    }
    guard let name = faults.string("dataset", of: members) else { return nil }
    guard let facts = context.dataset(name) else {
      let names = context.datasetNames().sorted()
      let registered = "; registered: \(Self.list(names))"
      faults.unknown("data set", name, among: names, at: members.at("dataset"), more: registered)
      return nil
    }
    return check(facts, fits: source, at: members.at("dataset")) ? facts : nil
  }

  /// Names for a sentence, the first twenty of them.
  static func list(_ names: [String]) -> String {
    if names.isEmpty { return "none" }
    return names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
  }
}
