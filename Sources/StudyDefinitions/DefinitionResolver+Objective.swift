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
  /// The metric, which way is better, and what decides between equal values; nil where one of them is faulty. An external
  /// model may report any metric.
  mutating func objective(_ body: Members, isExternal: Bool) -> ObjectiveReading? {
    let before = faults.faults.count
    var reading = ObjectiveReading()
    var goal: Goal?
    var members: Members?
    if let value = body["objective"] {
      members = faults.members(
        of: value, at: body.at("objective"), called: "objective", known: ["metric", "goal", "tie_break", "target"],
        reserved: ["objectives", "constraints"])
    }
    if isExternal { checkNeeded(members, in: body) }
    if let members {
      let metrics = ["validation_accuracy", "validation_loss"]
      let given =
        isExternal
        ? faults.string("metric", of: members)
        : faults.choice("metric", of: members, among: metrics, called: "metric")
      if isExternal, given.map(\.isMetricName) == false {
        faults.add(members.at("metric"), "metric must be 1 to 128 bytes of UTF-8.")
      }
      reading.metric = given ?? reading.metric
      goal = self.goal(of: members)
      if let json = members["target"] {
        reading.target = ParameterDescription.Kind.anyReal.value(of: json)?.number
        if reading.target == nil {
          faults.add(members.at("target"), ParameterDescription.Kind.anyReal.complaint(about: "target", json))
        }
      }
    }
    if faults.faults.count == before {
      reading.tieBreak = tieBreak(members, metric: reading.metric, isExternal: isExternal)
    }
    guard faults.faults.count == before else { return nil }
    reading.goal = goal ?? Self.goal(fitting: reading.metric)
    return reading
  }

  /// What is judged by, and which way is better, only the caller of an external study can say.
  private mutating func checkNeeded(_ members: Members?, in body: Members) {
    guard let members else {
      if body["objective"] == nil {
        faults.missing(
          ["objective"], at: .root,
          "objective is missing: a study whose trials the caller runs says which metric is judged, and its goal.")
      }
      return
    }
    for (name, what) in [("metric", "the metric that callers report"), ("goal", "maximize or minimize")]
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
  private mutating func tieBreak(_ members: Members?, metric: String, isExternal: Bool) -> TieBreak? {
    guard let members, let value = members.object["tie_break"] else {
      return isExternal || metric == TieBreak.validationLoss.metric ? nil : .validationLoss
    }
    if value == .null { return nil }
    let pointer = members.at("tie_break")
    let found =
      value.stringValue.map { named(tieBreak: $0, at: pointer, isExternal: isExternal) }
      ?? described(tieBreak: value, at: pointer, isExternal: isExternal)
    guard let found else { return nil }
    if found.metric == metric {
      faults.add(pointer, "tie_break must be another metric than the objective's, which is \(metric).")
    }
    return found
  }

  /// A loss's name alone: smaller is better.
  private mutating func named(tieBreak name: String, at pointer: JSONPointer, isExternal: Bool) -> TieBreak? {
    guard isExternal || isMeasured(name, at: pointer) else { return nil }
    guard isExternal || Self.isLoss(name) else {
      faults.add(
        pointer,
        "tie_break is \(name), but a name alone must be a loss, of which less is better; "
          + "give an object with a metric and a goal.")
      return nil
    }
    return TieBreak(metric: name, goal: .minimize)
  }

  /// An object with a metric and a goal, which is known for the metrics that built-in models measure.
  private mutating func described(tieBreak value: JSONValue, at pointer: JSONPointer, isExternal: Bool) -> TieBreak? {
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
      isExternal || isMeasured(metric, at: members.at("metric"))
    else { return nil }
    if isExternal, goal == nil, members["goal"] == nil {
      faults.missing(["goal"], at: pointer, "goal is missing; it must be maximize or minimize.")
    }
    return TieBreak(metric: metric, goal: goal ?? Self.goal(fitting: metric))
  }

  /// Whether built-in models measure this; reports the name where they do not.
  private mutating func isMeasured(_ metric: String, at pointer: JSONPointer) -> Bool {
    let names = ResolvedDefinition.measuredNames
    guard !names.containsExactly(metric) else { return true }
    faults.unknown("metric", metric, among: names, at: pointer)
    return false
  }
}

extension String {
  /// Whether a metric may be called that: 1 to 128 bytes of UTF-8.
  public var isMetricName: Bool { (1...128).contains(utf8.count) }
}
