import ExactText
import JSONText

/// A comparison that was found valid: algorithms that race on one problem, each with every seed.
public struct ResolvedComparison: Sendable, Hashable {
  /// One of its algorithms.
  public struct Entry: Sendable, Hashable {
    /// Its name in the comparison.
    public var name: String
    /// The `algorithm` of its studies, as posted but for its label.
    public var algorithm: JSONValue
    /// The definition of its first study.
    public var definition: ResolvedDefinition

    /// Makes one.
    public init(name: String, algorithm: JSONValue, definition: ResolvedDefinition) {
      self.name = name
      self.algorithm = algorithm
      self.definition = definition
    }
  }

  /// The label that its studies carry, with its name.
  public static let label = "comparison"
  /// What may not be the name of a comparison, because `/v1/comparisons/adhoc` is something else.
  public static let reservedName = "adhoc"

  /// 1–64 of `a-z0-9-`.
  public var name: String
  /// In the order given.
  public var entries: [Entry]
  /// In the order given, each once.
  public var seeds: [Int]

  /// Makes one.
  public init(name: String, entries: [Entry], seeds: [Int]) {
    self.name = name
    self.entries = entries
    self.seeds = seeds
  }

  /// How many studies it has.
  public var count: Int { entries.count * seeds.count }

  /// The algorithm and the seed of a study, as indices; the studies of one algorithm are one after the other.
  public func place(_ study: Int) -> (entry: Int, seed: Int) { (study / seeds.count, study % seeds.count) }

  /// The name of a study: `NAME-ALGORITHM-SEED`. Where that is longer than a name may be, it is cut before `-PLACE-SEED`
  /// with the algorithm's place, from 1; a negative seed has an `m` in place of the sign.
  public func studyName(_ study: Int) -> String {
    let (entry, place) = place(study)
    let seed = seeds[place] < 0 ? "m\(-seeds[place])" : "\(seeds[place])"
    let long = "\(name)-\(entries[entry].name.replacing("_", with: "-"))"
    let whole = "\(long)-\(seed)"
    if whole.utf8.count <= 64 { return whole }
    let end = "-\(entry + 1)-\(seed)"
    return String(decoding: long.utf8.prefix(64 - end.utf8.count), as: UTF8.self) + end
  }

  /// A study's definition, with every default.
  public func definition(_ study: Int) -> ResolvedDefinition {
    let (entry, seed) = place(study)
    var definition = entries[entry].definition
    definition.name = studyName(study)
    definition.seed = seeds[seed]
    return definition
  }

  /// A study's definition as its caller could have posted it; `body`: the comparison as posted.
  public func body(_ study: Int, of body: JSONValue) -> JSONValue {
    let (entry, seed) = place(study)
    var object = body.objectValue ?? JSONObject()
    for name in ["algorithms", "seeds"] { object[name] = nil }
    object["name"] = .string(studyName(study))
    object["algorithm"] = entries[entry].algorithm
    object["seed"] = .number(Double(seeds[seed]))
    object["labels"] = Self.labels(object["labels"], name)
    return .object(object)
  }

  /// Labels as posted, with that of the comparison.
  static func labels(_ given: JSONValue?, _ name: String) -> JSONValue {
    guard given == nil || given == .null || given?.objectValue != nil else { return given ?? .null }
    var labels = given?.objectValue ?? JSONObject()
    labels[label] = .string(name)
    return .object(labels)
  }
}

extension ResolvedComparison {
  /// The stored form.
  public var json: JSONValue {
    [
      "name": .string(name), "seeds": .array(seeds.map { .number(Double($0)) }),
      "algorithms": .array(
        entries.map { entry in
          ["name": .string(entry.name), "algorithm": entry.algorithm, "resolved": entry.definition.json]
        }),
    ]
  }

  /// Reads what `json` wrote.
  public init(json: JSONValue) throws(StoredFormError) {
    func unusable() -> StoredFormError {
      StoredFormError(detail: "A stored comparison is not in the form that Cairn stores.")
    }
    guard let name = json["name"]?.stringValue, let seeds = json["seeds"]?.arrayValue?.compactMap(\.integerValue),
      let entries = json["algorithms"]?.arrayValue
    else { throw unusable() }
    var read: [Entry] = []
    for entry in entries {
      guard let name = entry["name"]?.stringValue, let algorithm = entry["algorithm"], let resolved = entry["resolved"]
      else { throw unusable() }
      read.append(Entry(name: name, algorithm: algorithm, definition: try ResolvedDefinition(json: resolved)))
    }
    guard !read.isEmpty, !seeds.isEmpty else { throw unusable() }
    self.init(name: name, entries: read, seeds: seeds)
  }
}
