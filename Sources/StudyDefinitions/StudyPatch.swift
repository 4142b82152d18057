import ExactText
import JSONText
import SearchSpace

/// What a study has after a patch.
public struct StudyPatch: Sendable, Hashable {
  /// The budget in force.
  public var budget: Budget
  /// The parallelism in force.
  public var parallelism: Int
  /// How many trials run at once at most.
  public var maxRunning: Int?
  /// Free labels.
  public var labels: [ExactText: ExactText]
  /// Free text.
  public var notes: ExactText?
  /// The part that is an edit: what really changes of `budget` and `parallelism`, null where a bound is removed; nil
  /// where nothing of them changes.
  public var changes: JSONValue?
  /// Whether anything at all changes.
  public var changesAnything: Bool
}

extension DefinitionValidator {
  /// Applies a merge patch (RFC 7396) to what a study has now. Null takes a member back to what a definition that
  /// leaves it out has; `highestNumber` is that of the study's last trial, which `budget.trials` cannot go below.
  public func edit(
    patch: JSONValue, budget: Budget, parallelism: Int, maxRunning: Int?, labels: [ExactText: ExactText],
    notes: ExactText?, highestNumber: Int, resolved: ResolvedDefinition
  ) throws(InvalidDefinition) -> StudyPatch {
    var resolver = DefinitionResolver(context: context)
    let keys = ["budget", "parallelism", "max_running", "labels", "notes"]
    guard resolver.checkKeys(of: patch, changeable: keys) else {
      throw InvalidDefinition(faults: resolver.faults.faults)
    }
    let now = Self.json(budget, parallelism: parallelism, maxRunning: maxRunning, labels: labels, notes: notes)
    let members = Members(object: now.merging(patch).objectValue ?? JSONObject(), pointer: .root)
    let newBudget = resolver.budget(members, of: resolved, highestNumber: highestNumber)
    var result = StudyPatch(
      budget: newBudget ?? budget,
      parallelism: resolver.parallelism(members, resolved.source),
      maxRunning: resolver.faults.integer(
        "max_running", of: members, in: 1...ParameterDescription.Kind.largestInteger),
      labels: resolver.labels(members, keeping: labels),
      // What an older version took stays until it is changed.
      notes: patch["notes"] == nil ? notes : resolver.notes(members), changes: nil, changesAnything: false)
    try resolver.faults.check(against: patch)
    result.changes = Self.changes(from: (budget, parallelism), to: (result.budget, result.parallelism))
    result.changesAnything =
      result.changes != nil || result.maxRunning != maxRunning || result.labels != labels || result.notes != notes
    return result
  }

  private static func json(
    _ budget: Budget, parallelism: Int, maxRunning: Int?, labels: [ExactText: ExactText],
    notes: ExactText?
  ) -> JSONValue {
    [
      "budget": budget.json, "parallelism": .number(Double(parallelism)),
      "max_running": maxRunning.map { .number(Double($0)) } ?? .null,
      "labels": labels.json,
      "notes": notes.map { .string($0.string) } ?? .null,
    ]
  }

  private static func changes(
    from old: (budget: Budget, parallelism: Int), to new: (budget: Budget, parallelism: Int)
  ) -> JSONValue? {
    var changes = JSONObject()
    var budget = JSONObject()
    for name in DefinitionResolver.bounds {
      let value = new.budget.json[name]
      if value != old.budget.json[name] { budget[name] = value }
    }
    if !budget.members.isEmpty { changes["budget"] = .object(budget) }
    if new.parallelism != old.parallelism { changes["parallelism"] = .number(Double(new.parallelism)) }
    return changes.members.isEmpty ? nil : .object(changes)
  }
}

extension DefinitionResolver {
  /// Whether a patch is an object; a part of a definition that cannot change is a fault that says so.
  fileprivate mutating func checkKeys(of patch: JSONValue, changeable: [String]) -> Bool {
    guard case .object(let object) = patch else {
      faults.add(.root, "A patch must be a JSON object, but is \(patch.kindOfValue).")
      return false
    }
    for member in object.members where !changeable.containsExactly(member.name) {
      let pointer = JSONPointer.root.appending(member.name)
      if Self.reservedKeys.containsExactly(member.name) {
        faults.add(pointer, Fault.notYet(member.name))
      } else if Self.keys.containsExactly(member.name) {
        faults.add(
          pointer, "\(member.name) cannot change after a study is made; only \(Self.list(changeable)) can.")
      } else {
        faults.unknown("key", member.name, among: changeable, at: pointer)
      }
    }
    return true
  }

  /// The budget after a patch, nil where it is faulty; without any bound it is what a definition without a budget has.
  fileprivate mutating func budget(
    _ members: Members, of resolved: ResolvedDefinition, highestNumber: Int
  ) -> Budget? {
    guard let given = budget(members, resolved.source) else { return nil }
    var budget = given
    if let algorithm = context.algorithms.first(where: { $0.name == resolved.algorithm }) {
      guard let bounded = defaultBudget(given, algorithm: algorithm, space: resolved.space, members: members) else {
        return nil
      }
      budget = bounded
    }
    if let trials = budget.trials, trials < highestNumber {
      let pointer = given.trials == nil ? members.at("budget") : members.at("budget").appending("trials")
      faults.add(
        pointer,
        "budget.trials would be \(trials), but trials are numbered up to \(highestNumber) already."
      )
    }
    return budget
  }
}
