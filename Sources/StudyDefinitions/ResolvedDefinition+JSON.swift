import ExactText
import JSONText
import SearchSpace

extension ResolvedDefinition {
  /// The contract's `resolved`: every default, grids laid out, the algorithm's version, the data set's SHA-256 and
  /// `numerics`. `types` says which settings are integers and which reals, since JSON shows both as numbers.
  public var json: JSONValue {
    var object = JSONObject([
      ("name", .string(name)),
      ("dataset", .string(dataset)),
      ("dataset_sha256", .string(datasetSHA256)),
      ("model", Self.object(["kind": .string(modelKind)], constants)),
      ("parameters", space.json),
      ("algorithm", algorithmJSON),
      ("objective", objectiveJSON),
      ("validation", validationJSON),
      ("budget", budget.json),
      ("parallelism", .number(Double(parallelism))),
      ("max_running", maxRunning.map { .number(Double($0)) } ?? .null),
      ("seed", .number(Double(seed))),
      ("training_seed", .number(Double(trainingSeed))),
      ("reuse", .bool(reuse)),
      ("labels", labels.json),
      ("notes", notes.map { .string($0.string) } ?? .null),
      ("numerics", .number(Double(numerics))),
    ])
    object["pruning"] = pruning?.json
    object["types"] = types
    return .object(object)
  }

  /// What decides whether two definitions of one name are the same: everything that the caller can say, defaults
  /// filled in and levels in order, as canonical JSON (RFC 8785); not the versions that the service adds.
  public var canonicalText: String {
    var object = json.objectValue ?? JSONObject()
    for name in ["name", "dataset_sha256", "numerics", "types"] { object[name] = nil }
    object["algorithm"] = Self.object(["name": .string(algorithm)], algorithmOptions)
    object["validation"] = sameValidation
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
    ["metric": .string(metric), "goal": .string(goal.rawValue), "tie_break": tieBreak?.json ?? .null]
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

  private var validationJSON: JSONValue {
    var object = JSONObject([
      ("split", split.json), ("final", final?.json ?? .null), ("repeats", .number(Double(repeats))),
    ])
    object["scored"] = scored?.json
    return .object(object)
  }

  /// The validation in words that two same ones share: a last share is the same, wherever a definition says it.
  private var sameValidation: JSONValue {
    var object = JSONObject([("split", trainingSplit.keyJSON), ("repeats", .number(Double(repeats)))])
    if final == .second { object["final"] = "second" }
    return .object(object)
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

extension ResolvedDefinition {
  /// Reads what `json` wrote, exactly.
  public init(json: JSONValue) throws(StoredFormError) {
    func part<T>(_ value: T?, _ name: String) throws(StoredFormError) -> T {
      guard let value else { throw StoredFormError(detail: "A stored definition has no usable \(name).") }
      return value
    }
    func settings(_ name: String, besides: Set<String>) throws(StoredFormError) -> [String: ParameterValue] {
      var settings: [String: ParameterValue] = [:]
      for member in json[name]?.objectValue?.members ?? [] where !besides.contains(member.name) {
        let type = try part(json["types"]?[name]?[member.name]?.stringValue, "types/\(name)/\(member.name)")
        settings[member.name] = try part(ParameterValue(json: member.value, typeName: type), "\(name)/\(member.name)")
      }
      return settings
    }
    self.init(
      name: try part(json["name"]?.stringValue, "name"),
      dataset: try part(json["dataset"]?.stringValue, "dataset"),
      datasetSHA256: try part(json["dataset_sha256"]?.stringValue, "dataset_sha256"),
      modelKind: try part(json["model"]?["kind"]?.stringValue, "model/kind"),
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
      split: try part(json["validation"]?["split"].flatMap(SplitDefinition.init(json:)), "validation/split"),
      // A definition from before there was one has none.
      final: json["validation"]?["final"].flatMap(FinalPart.init(json:)),
      scored: json["validation"]?["scored"].flatMap(ScoredPart.init(json:)),
      repeats: try part(json["validation"]?["repeats"]?.integerValue, "validation/repeats"),
      budget: Budget(json: json["budget"] ?? .null),
      parallelism: try part(json["parallelism"]?.integerValue, "parallelism"),
      maxRunning: json["max_running"]?.integerValue,
      seed: try part(json["seed"]?.integerValue, "seed"),
      trainingSeed: try part(json["training_seed"]?.integerValue, "training_seed"),
      // A definition from before there was a record to reuse from.
      reuse: json["reuse"] != .bool(false),
      labels: [ExactText: ExactText](json: json["labels"] ?? .null),
      notes: json["notes"]?.stringValue.map { ExactText($0) },
      numerics: try part(json["numerics"]?.integerValue, "numerics"))
    // A definition from before there was pruning has none.
    if let stored = json["pruning"] { pruning = try PruningDefinition(json: stored, types: json["types"]?["pruning"]) }
  }
}
