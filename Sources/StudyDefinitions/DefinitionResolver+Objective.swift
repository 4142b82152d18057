import JSONText
import SearchSpace

/// The `objective` of a body.
struct ObjectiveReading {
  var metric = "validation_accuracy"
  var goal = Goal.maximize
  var tieBreak: TieBreak?
  var target: Double?
}

extension DefinitionResolver {
  /// The metric, which way is better, and what decides between equal values; nil where one of them is faulty.
  mutating func objective(_ body: Members, _ names: MetricNames, _ source: OutcomeSource) -> ObjectiveReading? {
    let before = faults.faults.count
    var reading = ObjectiveReading()
    var goal: Goal?
    var members: Members?
    if let value = body["objective"] {
      members = faults.members(
        of: value, at: body.at("objective"), called: "objective", known: ["metric", "goal", "tie_break", "target"],
        reserved: ["objectives", "constraints"])
    }
    checkNeeded(members, in: body, source)
    if let members {
      reading.metric = metric(of: members, names) ?? reading.metric
      goal = self.goal(of: members)
      if let json = members["target"] {
        reading.target = ParameterDescription.Kind.anyReal.value(of: json)?.number
        if reading.target == nil {
          faults.add(members.at("target"), ParameterDescription.Kind.anyReal.complaint(about: "target", json))
        }
      }
    }
    if faults.faults.count == before {
      reading.tieBreak = tieBreak(members, metric: reading.metric, names)
    }
    guard faults.faults.count == before else { return nil }
    reading.goal = goal ?? Self.goal(fitting: reading.metric)
    return reading
  }

  /// The objective's metric; nil where it is left out or faulty.
  private mutating func metric(of members: Members, _ names: MetricNames) -> String? {
    let trained = ["validation_accuracy", "validation_loss"]
    if names.isTrained { return faults.choice("metric", of: members, among: trained, called: "metric") }
    guard let given = faults.string("metric", of: members) else { return nil }
    if !given.isMetricName { faults.add(members.at("metric"), "metric must be 1 to 128 bytes of UTF-8.") }
    if case .columns(let table, let tuned) = names {
      _ = isColumn(given, of: table, tuned: tuned, inEveryRow: true, at: members.at("metric"))
    }
    return given
  }

  /// What is judged by, and which way is better, is known of models that Cairn trains alone.
  private mutating func checkNeeded(_ members: Members?, in body: Members, _ source: OutcomeSource) {
    guard source != .training else { return }
    guard let members else {
      if body["objective"] == nil {
        let which = source == .table ? "whose trials are looked up" : "whose trials the caller runs"
        faults.missing(
          ["objective"], at: .root,
          "objective is missing: a study \(which) says which metric is judged, and its goal.")
      }
      return
    }
    let metric = source == .table ? "a column of the table" : "the metric that callers report"
    for (name, what) in [("metric", metric), ("goal", "maximize or minimize")]
    where members[name] == nil {
      faults.missing([name], at: members.pointer, "\(name) is missing; it must be \(what).")
    }
  }

  private mutating func goal(of members: Members) -> Goal? {
    let goals = [Goal.maximize, .minimize].map(\.rawValue)
    return faults.choice("goal", of: members, among: goals, called: "goal").flatMap(Goal.init)
  }

  /// The goal that fits one of the measured metrics: less loss is better, and more of anything else.
  private static func goal(fitting metric: String) -> Goal { isLoss(metric) ? .minimize : .maximize }

  private static func isLoss(_ metric: String) -> Bool { metric.hasSuffix("_loss") }

  /// The tie-break as given; where it is left out, the validation loss of built-in models that are not judged by it, else
  /// none. Here null is a value: no tie-break.
  private mutating func tieBreak(_ members: Members?, metric: String, _ names: MetricNames) -> TieBreak? {
    guard let members, let value = members.object["tie_break"] else {
      return !names.isTrained || metric == TieBreak.validationLoss.metric ? nil : .validationLoss
    }
    if value == .null { return nil }
    let pointer = members.at("tie_break")
    let found =
      value.stringValue.map { named(tieBreak: $0, at: pointer, names) }
      ?? described(tieBreak: value, at: pointer, names)
    guard let found else { return nil }
    if found.metric == metric {
      faults.add(pointer, "tie_break must be another metric than the objective's, which is \(metric).")
    }
    return found
  }

  /// A loss's name alone: smaller is better.
  private mutating func named(tieBreak name: String, at pointer: JSONPointer, _ names: MetricNames) -> TieBreak? {
    guard isMeasured(name, names, at: pointer) else { return nil }
    guard !names.isTrained || Self.isLoss(name) else {
      faults.add(
        pointer,
        "tie_break is \(name), but a name alone must be a loss, of which less is better; "
          + "give an object with a metric and a goal.")
      return nil
    }
    return TieBreak(metric: name, goal: .minimize)
  }

  /// An object with a metric and a goal, which is known for the metrics that built-in models measure.
  private mutating func described(tieBreak value: JSONValue, at pointer: JSONPointer, _ names: MetricNames) -> TieBreak?
  {
    guard case .object = value else {
      faults.add(
        pointer,
        "tie_break must be null, a loss's name, or a JSON object with a metric and a goal, "
          + "but is \(value.kindOfValue).")
      return nil
    }
    guard let members = faults.members(of: value, at: pointer, called: "tie_break", known: ["metric", "goal"]) else {
      return nil
    }
    let goal = goal(of: members)
    guard members["metric"] != nil else {
      faults.missing(["metric"], at: pointer, "metric is missing; it says what decides between equal values.")
      return nil
    }
    guard let metric = faults.string("metric", of: members),
      isMeasured(metric, names, at: members.at("metric"))
    else { return nil }
    if !names.isTrained, goal == nil, members["goal"] == nil {
      faults.missing(["goal"], at: pointer, "goal is missing; it must be maximize or minimize.")
    }
    return TieBreak(metric: metric, goal: goal ?? Self.goal(fitting: metric))
  }

  /// Whether this is measured; reports the name where it is not.
  private mutating func isMeasured(_ metric: String, _ names: MetricNames, at pointer: JSONPointer) -> Bool {
    switch names {
    case .any: return true
    case .columns(let table, let tuned):
      return isColumn(metric, of: table, tuned: tuned, inEveryRow: false, at: pointer)
    case .trained:
      let known = ResolvedDefinition.measuredNames
      guard !known.containsExactly(metric) else { return true }
      faults.unknown("metric", metric, among: known, at: pointer)
      return false
    }
  }
}

extension String {
  /// Whether a metric may be called that: 1 to 128 bytes of UTF-8.
  public var isMetricName: Bool { (1...128).contains(utf8.count) }
}
