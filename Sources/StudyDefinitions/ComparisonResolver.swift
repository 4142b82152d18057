import JSONText
import SearchSpace

extension DefinitionValidator {
  /// The most studies of a comparison.
  public static let mostComparedStudies = 1000
  /// The most algorithms of a comparison.
  public static let mostComparedAlgorithms = 50
  /// The most trials of all studies of a comparison.
  public static let mostComparedTrials = 1_000_000
  /// The most bytes that the definitions of a comparison's studies have together.
  public static let mostComparedBytes = 64 << 20

  /// The comparison of a posted body, its studies' definitions with every default; `makeName` gives a name where the body has
  /// none.
  public func resolve(
    comparison body: JSONValue, makeName: () -> String
  ) throws(InvalidDefinition) -> ResolvedComparison {
    var resolver = ComparisonResolver(context: context)
    let comparison = resolver.resolve(body, makeName: makeName)
    try resolver.faults.check(against: body)
    guard let comparison else {
      throw InvalidDefinition(faults: [Fault(at: .root, "The comparison cannot be used.")])
    }
    return comparison
  }
}

/// Works through the body of a comparison: a study's definition with several algorithms and seeds.
struct ComparisonResolver {
  static let keys = DefinitionResolver.keys.filter { !["algorithm", "seed"].contains($0) } + ["algorithms", "seeds"]

  let context: DefinitionContext
  var faults = FaultList()

  init(context: DefinitionContext) { self.context = context }

  mutating func resolve(_ body: JSONValue, makeName: () -> String) -> ResolvedComparison? {
    guard
      let members = faults.members(
        of: body, at: .root, called: "A comparison", known: Self.keys, reserved: DefinitionResolver.reservedKeys)
    else { return nil }
    let name = members["name"]?.stringValue ?? makeName()
    checkNames(members, name)
    let algorithms = algorithms(members)
    let seeds = seeds(members)
    // Without any algorithm, all else is looked at as for one that the service chooses.
    let definitions = (algorithms.isEmpty ? [nil] : algorithms.map { $0 }).enumerated().map { place, algorithm in
      definition(members, name, algorithm, place: place)
    }
    checkBudget(members, studies: algorithms.count * (seeds?.count ?? 0))
    let names = names(of: algorithms)
    guard let seeds, !algorithms.isEmpty, faults.faults.isEmpty else { return nil }
    let entries = zip(names, zip(algorithms, definitions)).compactMap { name, pair in
      pair.1.map { ResolvedComparison.Entry(name: name, algorithm: Self.unlabelled(pair.0), definition: $0) }
    }
    guard entries.count == algorithms.count else { return nil }
    var comparison = ResolvedComparison(name: name, entries: entries, seeds: seeds)
    for place in entries.indices {
      comparison.entries[place].definition = comparison.definition(place * seeds.count)
    }
    checkStudies(comparison, body)
    return comparison
  }

  private mutating func checkNames(_ members: Members, _ name: String) {
    if name == ResolvedComparison.reservedName {
      faults.add(members.at("name"), "A comparison cannot be called adhoc; choose another name.")
    }
    if members["labels"]?[ResolvedComparison.label] != nil {
      faults.add(
        members.at("labels").appending(ResolvedComparison.label),
        "The label comparison is given by the service, and names the comparison; leave it out.")
    }
  }

  // MARK: Algorithms and seeds

  private mutating func algorithms(_ members: Members) -> [JSONValue] {
    guard let value = members["algorithms"] else {
      faults.missing(
        ["algorithms"], at: .root,
        #"algorithms is missing; it must be a list such as [{"name": "random"}, {"name": "tpe"}]."#)
      return []
    }
    let pointer = members.at("algorithms")
    guard let list = value.arrayValue else {
      faults.add(
        pointer,
        #"algorithms must be a list such as [{"name": "random"}, {"name": "tpe"}], but is \#(value.kindOfValue)."#)
      return []
    }
    let most = DefinitionValidator.mostComparedAlgorithms
    if list.isEmpty { faults.add(pointer, "algorithms is empty; give at least one algorithm.") }
    if list.count > most {
      faults.add(pointer, "There may be at most \(most) algorithms, but there are \(list.count).")
      return []
    }
    return list
  }

  /// The algorithms' names in the comparison: their labels, or else their own.
  private mutating func names(of algorithms: [JSONValue]) -> [String] {
    var seen: [String: Int] = [:]
    return algorithms.enumerated().map { place, algorithm in
      let pointer = JSONPointer.root.appending("algorithms").appending(place)
      let label = algorithm["label"].flatMap { $0 == .null ? nil : $0 }
      if let label, label.stringValue.map(Self.isLabel) != true {
        faults.add(
          pointer.appending("label"),
          "label must be 1 to 64 characters of a-z, 0-9, - and _, but is \(label.kindOfValue).")
      }
      let name = (label ?? algorithm["name"])?.stringValue ?? ""
      if let first = seen.updateValue(place, forKey: name), !name.isEmpty {
        faults.add(
          label == nil ? pointer : pointer.appending("label"),
          "Algorithms \(first + 1) and \(place + 1) of the list are both called \(name); give one of them "
            + "another label.")
      }
      return name
    }
  }

  private static func isLabel(_ text: String) -> Bool {
    DefinitionValidator.isName(text.replacing("_", with: "-"))
  }

  private static func unlabelled(_ algorithm: JSONValue) -> JSONValue {
    var object = algorithm.objectValue ?? JSONObject()
    object["label"] = nil
    return .object(object)
  }

  /// The seeds: of a number, that many from 0.
  private mutating func seeds(_ members: Members) -> [Int]? {
    let most = DefinitionValidator.mostComparedStudies
    guard let value = members["seeds"] else {
      faults.missing(
        ["seeds"], at: .root, "seeds is missing; it must be a number of seeds such as 20, or a list of them.")
      return nil
    }
    guard let list = value.arrayValue else {
      return faults.integer("seeds", of: members, in: 1...most).map { Array(0..<$0) }
    }
    let pointer = members.at("seeds")
    if list.isEmpty || list.count > most {
      faults.add(pointer, "seeds must have 1 to \(most) seeds, but has \(list.count).")
      return nil
    }
    let kind = ParameterDescription.Kind.integer(
      minimum: DefinitionResolver.seeds.lowerBound, maximum: DefinitionResolver.seeds.upperBound)
    var places: [Int: Int] = [:]
    var seeds: [Int] = []
    for (place, element) in list.enumerated() {
      guard case .integer(let seed)? = kind.value(of: element) else {
        faults.add(pointer.appending(place), kind.complaint(about: "A seed", element))
        continue
      }
      if let first = places.updateValue(place, forKey: seed) {
        faults.add(
          pointer.appending(place), "Seed \(seed) is in the list twice (places \(first + 1) and \(place + 1)).")
      }
      seeds.append(seed)
    }
    return seeds.count == list.count ? seeds : nil
  }

  // MARK: Studies

  /// The definition of the studies of an algorithm, but for names and seeds; nil where it is faulty.
  private mutating func definition(
    _ members: Members, _ name: String, _ algorithm: JSONValue?, place: Int
  ) -> ResolvedDefinition? {
    var object = members.object
    object["name"] = .string(name)
    object["algorithm"] = algorithm
    object["labels"] = ResolvedComparison.labels(object["labels"], name)
    var resolver = DefinitionResolver(context: context)
    resolver.algorithmOfComparison = JSONPointer.root.appending("algorithms").appending(place)
    resolver.faults = faults.emptied()
    let definition = resolver.resolve(Members(object: object, pointer: .root)) { name }
    faults.take(resolver.faults)
    return definition
  }

  /// Each study needs a bound that all share, and all together are bounded.
  private mutating func checkBudget(_ members: Members, studies: Int) {
    let most = DefinitionValidator.mostComparedStudies
    if studies > most {
      faults.add(
        members.at("seeds"),
        "Every algorithm with every seed is \(studies) studies, and a comparison may have \(most); give fewer seeds.")
    }
    let budget = members["budget"]
    guard let trials = budget?["trials"], trials != .null else {
      if budget == nil || budget?.objectValue != nil {
        faults.missing(
          ["budget", "trials"], at: budget == nil ? .root : members.at("budget"),
          "budget.trials is missing; it must be how many trials each study of the comparison has.")
      }
      return
    }
    let limit = DefinitionValidator.mostComparedTrials
    if let each = trials.integerValue, each > 0, studies > 0, studies <= most, each > limit / studies {
      faults.add(
        members.at("budget").appending("trials"),
        "\(studies) studies of \(each) trials have more than the \(limit) trials that a comparison may have; "
          + "\(limit / studies) trials each are allowed.")
    }
  }

  private mutating func checkStudies(_ comparison: ResolvedComparison, _ body: JSONValue) {
    let pointer = JSONPointer.root.appending("algorithms")
    var seen: [String: Int] = [:]
    for study in 0..<comparison.count {
      let name = comparison.studyName(study)
      guard let other = seen.updateValue(study, forKey: name) else { continue }
      let names = [other, study].map { comparison.entries[comparison.place($0).entry].name }
      return faults.add(
        pointer.appending(comparison.place(study).entry),
        "Algorithms \(names[0]) and \(names[1]) would both have a study named \(name); give one of them another label.")
    }
    let posted = body.text.utf8.count
    let bytes =
      comparison.entries.reduce(0) { $0 + posted + $1.definition.json.text.utf8.count } * comparison.seeds.count
    if bytes > DefinitionValidator.mostComparedBytes {
      faults.add(
        .root,
        "The definitions of the comparison's studies would take \(bytes >> 20) MiB, and may take "
          + "\(DefinitionValidator.mostComparedBytes >> 20) MiB; give fewer seeds, or shorter lists of points.")
    }
  }
}
