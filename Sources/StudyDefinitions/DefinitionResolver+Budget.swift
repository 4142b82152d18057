import ExactText
import JSONText
import SearchSpace

extension DefinitionResolver {
  /// How large a grid may be that no budget bounds.
  static let largestUnboundedGrid = 1_000_000
  /// How many trials an algorithm that does not cover the grid takes where no budget is given.
  static let defaultTrials = 100
  static let mostLabels = 64
  /// Bytes of UTF-8.
  static let mostNotes = 65_536

  /// The members of `budget`.
  static let bounds = ["trials", "seconds", "stall_trials", "trial_seconds"]

  /// The budget as given, without bounds where it is left out; nil where it is faulty.
  mutating func budget(_ body: Members, _ source: OutcomeSource) -> Budget? {
    guard let value = body["budget"] else { return Budget() }
    let before = faults.faults.count
    guard
      let members = faults.members(
        of: value, at: body.at("budget"), called: "budget", known: Self.bounds, reserved: ["cost"])
    else { return nil }
    var budget = Budget()
    budget.trials = faults.integer("trials", of: members, in: 1...ParameterDescription.Kind.largestInteger)
    budget.seconds = seconds("seconds", of: members)
    budget.stallTrials = faults.integer("stall_trials", of: members, in: 1...ParameterDescription.Kind.largestInteger)
    budget.trialSeconds = seconds("trial_seconds", of: members)
    if members["trial_seconds"] != nil, source != .training {
      faults.add(
        members.at("trial_seconds"),
        source == .table
          ? "trial_seconds does not go with a model of kind table, whose trials are looked up; leave it out."
          : "trial_seconds does not go with a model of kind external, whose trials the caller runs; leave it out, and "
            + "give cairn worker a --timeout.")
    }
    return faults.faults.count == before ? budget : nil
  }

  /// An optional number of seconds above 0; nil where it is left out or faulty.
  private mutating func seconds(_ name: String, of members: Members) -> Double? {
    guard let json = members[name] else { return nil }
    let kind = ParameterDescription.Kind.real(
      minimum: 0, maximum: .infinity, minimumExclusive: true, maximumExclusive: false)
    let seconds = kind.value(of: json)?.number
    if seconds == nil { faults.add(members.at(name), kind.complaint(about: name, json)) }
    return seconds
  }

  /// The budget in force: what is given, else the grid's size or 100 trials; nil for a grid that is too large.
  mutating func defaultBudget(
    _ budget: Budget, algorithm: AlgorithmFacts, space: ParameterSpace, members: Members
  ) -> Budget? {
    if budget.trials != nil || budget.seconds != nil { return budget }
    var budget = budget
    guard algorithm.coversGrid, let size = space.gridSize else {
      budget.trials = Self.defaultTrials
      return budget
    }
    guard size <= Self.largestUnboundedGrid else {
      let pointer = members["budget"] == nil ? members.pointer : members.at("budget")
      let count = size == .max ? "more than 10^18" : "\(size)"
      faults.missing(
        ["budget", "trials", "seconds"], at: pointer,
        "The grid has \(count) points, and without a budget at most \(Self.largestUnboundedGrid) are tried; give "
          + "budget.trials or budget.seconds.")
      return nil
    }
    budget.trials = size
    return budget
  }

  /// `parallelism` where it is left out. Idle workers of the service run ahead of a search, so that it need not lack any
  /// outcome; callers that run trials themselves get only as many as this.
  static func defaultParallelism(_ source: OutcomeSource) -> Int { source == .callers ? 4 : 1 }

  mutating func parallelism(_ body: Members, _ source: OutcomeSource) -> Int {
    faults.integer("parallelism", of: body, in: 1...4096) ?? Self.defaultParallelism(source)
  }

  /// The labels; those that are faulty are left out. `accepted`: labels that the study has already; they stay, even
  /// where an older version had other rules.
  mutating func labels(_ body: Members, keeping accepted: [ExactText: ExactText] = [:]) -> [ExactText: ExactText] {
    guard let value = body["labels"] else { return [:] }
    let pointer = body.at("labels")
    guard case .object(let object) = value else {
      faults.add(pointer, "labels must be a JSON object of strings, but is \(value.kindOfValue).")
      return [:]
    }
    if object.members.count > Self.mostLabels {
      faults.add(pointer, "There may be at most \(Self.mostLabels) labels, but there are \(object.members.count).")
    }
    var labels: [ExactText: ExactText] = [:]
    for member in object.members {
      let text = member.value.stringValue.map { ExactText($0) }
      if let text, accepted[ExactText(member.name)] == text {
        labels[ExactText(member.name)] = text
      } else if member.name.utf8.contains(UInt8(ascii: ":")) {
        faults.add(
          pointer.appending(member.name), "A label's name may have no colon, so that ?label=name:value can be asked.")
      } else if member.name.utf8.contains(0) || member.value.stringValue?.utf8.contains(0) == true {
        faults.add(pointer.appending(member.name), "A label may not contain the control character NUL.")
      } else if let text {
        labels[ExactText(member.name)] = text
      } else {
        faults.add(
          pointer.appending(member.name), "A label must be a string, but is \(member.value.kindOfValue).")
      }
    }
    return labels
  }

  /// The notes; nil where they are left out or faulty.
  mutating func notes(_ body: Members) -> ExactText? { faults.text("notes", of: body, most: Self.mostNotes) }
}
