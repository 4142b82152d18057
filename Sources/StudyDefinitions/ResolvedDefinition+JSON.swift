import ExactText
import JSONText
import SearchSpace

extension ResolvedDefinition {
  /// The contract's `resolved`: every default, grids laid out, the algorithm's version, the data set's SHA-256 and
  /// `numerics`. `types` says which settings are integers and which reals, since JSON shows both as numbers.
  public var json: JSONValue {
    var object = JSONObject([("name", .string(name))])
    if !isExternal {
      object["dataset"] = .string(dataset)
      object["dataset_sha256"] = .string(datasetSHA256)
    }
    object["model"] = Self.object(["kind": .string(modelKind)], constants)
    object["parameters"] = space.json
    object["algorithm"] = algorithmJSON
    object["objective"] = objectiveJSON
    object["validation"] = training?.validationJSON
    object["budget"] = budget.json
    object["parallelism"] = .number(Double(parallelism))
    object["max_running"] = maxRunning.map { .number(Double($0)) } ?? .null
    object["seed"] = .number(Double(seed))
    object["training_seed"] = .number(Double(trainingSeed))
    object["retries"] = .number(Double(retries))
    object["failure_limit"] = .number(Double(failureLimit))
    if !initialPoints.isEmpty { object["initial_points"] = .array(initialPoints.map(\.json)) }
    if !prior.isEmpty { object["prior"] = .array(prior.map(\.json)) }
    object["reuse"] = .bool(reuse)
    object["labels"] = labels.json
    object["notes"] = notes.map { .string($0.string) } ?? .null
    object["numerics"] = .number(Double(numerics))
    object["pruning"] = pruning?.json
    object["confirm"] = confirm?.json
    object["types"] = types
    return .object(object)
  }

  /// What decides whether two definitions of one name are the same: everything that the caller can say, defaults
  /// filled in and levels in order, as canonical JSON (RFC 8785); not the versions that the service adds.
  public var canonicalText: String {
    var object = json.objectValue ?? JSONObject()
    for name in ["name", "dataset_sha256", "numerics", "types"] { object[name] = nil }
    object["algorithm"] = Self.object(["name": .string(algorithm)], algorithmOptions)
    object["validation"] = training?.sameValidation
    object["pruning"] = pruning?.sameJSON
    return JSONValue.object(object).canonicalText
  }

  private var types: JSONValue {
    var types = JSONObject([("model", Self.types(constants)), ("algorithm", Self.types(algorithmOptions))])
    types["pruning"] = pruning.map { Self.types($0.options) }
    return .object(types)
  }

  /// The objective as `resolved` has it.
  public var objectiveJSON: JSONValue {
    [
      "metric": .string(metric), "goal": .string(goal.rawValue), "tie_break": tieBreak?.json ?? .null,
      "target": target.map { .number($0) } ?? .null,
    ]
  }

  private var algorithmJSON: JSONValue {
    let version = JSONValue.number(Double(algorithmVersion))
    guard let algorithmReason else {
      return Self.object(["name": .string(algorithm), "version": version], algorithmOptions)
    }
    return Self.object(
      [
        "name": .string(algorithm), "version": version, "chosen_by": .string(AlgorithmFacts.automaticName),
        "reason": .string(algorithmReason),
      ], algorithmOptions)
  }

  private static func object(_ head: KeyValuePairs<String, JSONValue>, _ values: [String: ParameterValue]) -> JSONValue
  {
    let rest = Point.object(values).objectValue?.members.map { ($0.name, $0.value) } ?? []
    return .object(JSONObject(head.map { ($0.key, $0.value) } + rest))
  }

  private static func types(_ values: [String: ParameterValue]) -> JSONValue {
    .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value.typeName)) }))
  }
}

extension TrainingDefinition {
  /// The validation as `resolved` has it.
  fileprivate var validationJSON: JSONValue {
    var object = JSONObject([
      ("split", split.json), ("final", final?.json ?? .null), ("repeats", .number(Double(repeats))),
    ])
    object["scored"] = scored?.json
    return .object(object)
  }

  /// The validation in words that two same ones share: a last share is the same, wherever a definition says it.
  fileprivate var sameValidation: JSONValue {
    var object = JSONObject([
      ("split", TrainingSplit(split, final: final).keyJSON), ("repeats", .number(Double(repeats))),
    ])
    if final == .second { object["final"] = "second" }
    return .object(object)
  }

  /// Reads the members of a stored definition.
  fileprivate init(json: JSONValue) throws(StoredFormError) {
    func part<T>(_ value: T?, _ name: String) throws(StoredFormError) -> T {
      try ResolvedDefinition.part(value, name)
    }
    self.init(
      dataset: try part(json["dataset"]?.stringValue, "dataset"),
      datasetSHA256: try part(json["dataset_sha256"]?.stringValue, "dataset_sha256"),
      split: try part(json["validation"]?["split"].flatMap(SplitDefinition.init(json:)), "validation/split"),
      // A definition from before there was one has none.
      final: json["validation"]?["final"].flatMap(FinalPart.init(json:)),
      scored: json["validation"]?["scored"].flatMap(ScoredPart.init(json:)),
      repeats: try part(json["validation"]?["repeats"]?.integerValue, "validation/repeats"))
  }
}

extension TableDefinition {
  /// Reads the members of a stored definition.
  fileprivate init(json: JSONValue) throws(StoredFormError) {
    self.init(
      dataset: try ResolvedDefinition.part(json["dataset"]?.stringValue, "dataset"),
      datasetSHA256: try ResolvedDefinition.part(json["dataset_sha256"]?.stringValue, "dataset_sha256"))
  }
}

extension ResolvedDefinition {
  /// The kind of model whose trials callers run.
  public static let externalKind = "external"
  /// The kind of model whose trials are looked up in a table of results.
  public static let tableKind = "table"

  /// A part of what is stored, which must be there.
  fileprivate static func part<T>(_ value: T?, _ name: String) throws(StoredFormError) -> T {
    guard let value else { throw StoredFormError(detail: "A stored definition has no usable \(name).") }
    return value
  }

  /// Reads what `json` wrote, exactly.
  public init(json: JSONValue) throws(StoredFormError) {
    func part<T>(_ value: T?, _ name: String) throws(StoredFormError) -> T { try Self.part(value, name) }
    func settings(_ name: String, besides: Set<String>) throws(StoredFormError) -> [String: ParameterValue] {
      var settings: [String: ParameterValue] = [:]
      for member in json[name]?.objectValue?.members ?? [] where !besides.contains(member.name) {
        let type = try part(json["types"]?[name]?[member.name]?.stringValue, "types/\(name)/\(member.name)")
        settings[member.name] = try part(ParameterValue(json: member.value, typeName: type), "\(name)/\(member.name)")
      }
      return settings
    }
    let kind = try part(json["model"]?["kind"]?.stringValue, "model/kind")
    let source = OutcomeSource(kind: kind) ?? .training
    self.init(
      name: try part(json["name"]?.stringValue, "name"),
      training: source == .training ? try TrainingDefinition(json: json) : nil,
      modelKind: kind,
      constants: try settings("model", besides: ["kind"]),
      space: try ParameterSpace(json: json["parameters"] ?? .null),
      algorithm: try part(json["algorithm"]?["name"]?.stringValue, "algorithm/name"),
      algorithmVersion: try part(json["algorithm"]?["version"]?.integerValue, "algorithm/version"),
      algorithmOptions: try settings("algorithm", besides: ["name", "version", "chosen_by", "reason"]),
      algorithmReason: json["algorithm"]?["reason"]?.stringValue,
      metric: try part(json["objective"]?["metric"]?.stringValue, "objective/metric"),
      goal: try part(json["objective"]?["goal"]?.stringValue.flatMap(Goal.init), "objective/goal"),
      // A definition from before there was one: its search compares by the objective alone.
      tieBreak: json["objective"]?["tie_break"].flatMap(TieBreak.init(json:)),
      target: json["objective"]?["target"]?.numberValue,
      budget: Budget(json: json["budget"] ?? .null),
      parallelism: try part(json["parallelism"]?.integerValue, "parallelism"),
      maxRunning: json["max_running"]?.integerValue,
      seed: try part(json["seed"]?.integerValue, "seed"),
      trainingSeed: try part(json["training_seed"]?.integerValue, "training_seed"),
      // What was the rule before a definition could say so.
      retries: json["retries"]?.integerValue ?? Self.defaultRetries,
      failureLimit: json["failure_limit"]?.integerValue ?? Self.defaultFailureLimit,
      // A definition from before there was a record to reuse from.
      reuse: json["reuse"] != .bool(false),
      labels: [ExactText: ExactText](json: json["labels"] ?? .null),
      notes: json["notes"]?.stringValue.map { ExactText($0) },
      numerics: try part(json["numerics"]?.integerValue, "numerics"))
    if source == .table { table = try TableDefinition(json: json) }
    // A definition from before there was pruning has none.
    if let stored = json["pruning"] { pruning = try PruningDefinition(json: stored, types: json["types"]?["pruning"]) }
    confirm = json["confirm"].flatMap(ConfirmDefinition.init(json:))
    for point in json["initial_points"]?.arrayValue ?? [] { initialPoints.append(try Point(json: point, space: space)) }
    for tried in json["prior"]?.arrayValue ?? [] { prior.append(try TriedPoint(json: tried, space: space)) }
  }
}
