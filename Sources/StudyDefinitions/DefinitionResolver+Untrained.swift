import DataFacts
import ExactText
import JSONText
import SearchSpace

/// Studies that train nothing: callers run their trials, or a table of results has their outcomes.
extension DefinitionResolver {
  /// What a definition without training cannot have.
  private static func leftOut(_ source: OutcomeSource) -> [String] {
    switch source {
    case .training: []
    case .table: ["validation", "training_seed", "pruning"]
    case .callers: ["dataset", "validation"]
    }
  }

  /// Only callers know the settings of an external model, and a table has columns alone.
  mutating func checkBare(_ model: ModelReading) {
    for member in model.members.object.members where member.name != "kind" && member.value != .null {
      let name = member.name
      let advice =
        model.source == .table
        ? "A model of kind table has no settings, but \(name) is one; to keep to one value of a column, tune it in "
          + "parameters with that value alone."
        : "A model of kind external has no settings here, but \(name) is one; tune it in parameters, or let the "
          + "program that runs the trials keep it."
      faults.add(model.members.at(name), advice)
    }
  }

  /// Reports what says how Cairn trains, where it trains nothing.
  mutating func checkLeftOut(_ body: Members, _ source: OutcomeSource) {
    let why = source == .table ? "table, whose trials are looked up" : "external, whose trials the caller runs"
    for name in Self.leftOut(source) where body[name] != nil {
      faults.add(body.at(name), "\(name) does not go with a model of kind \(why); leave one of the two out.")
    }
  }

  /// The space of a study that trains nothing: every parameter that is right, none depending on another.
  func bareSettings(_ parameters: ParametersReading) -> SettingsReading? {
    guard !parameters.isFaulty, !parameters.isUnreadable else { return nil }
    let space = ParameterSpace(parameters.domains.map { Parameter(name: $0.key, domain: $0.value) })
    return SettingsReading(constants: [:], space: space)
  }

  /// Reports a data set that does not fit where the outcomes come from, and says whether it does.
  mutating func check(_ facts: DatasetFacts, fits source: OutcomeSource, at pointer: JSONPointer) -> Bool {
    guard facts.isResults != (source == .table) else { return true }
    faults.add(
      pointer,
      source == .table
        ? "\(facts.name) has examples to train on, but a model of kind table needs a data set of format results; name "
          + "one, or choose another kind of model."
        : "\(facts.name) is a table of results, on which nothing can be trained; give a data set with examples, or "
          + #""model": {"kind": "table"}, which looks trials up in it."#)
    return false
  }

  /// Reports parameters that are no columns of the table.
  mutating func check(_ parameters: ParametersReading, areColumnsOf table: DatasetFacts) {
    let columns = (table.columns ?? []).map(\.name)
    for name in parameters.given where !columns.containsExactly(name) {
      faults.unknown("column of \(table.name)", name, among: columns, at: parameters.pointer.appending(name))
    }
  }
}

extension DefinitionResolver {
  /// Whether a metric is a column of a table that is not tuned; reports the name where it is not. `inEveryRow`: whether
  /// each of its cells must be a number.
  mutating func isColumn(
    _ metric: String, of table: DatasetFacts, tuned: [String], inEveryRow: Bool, at pointer: JSONPointer
  ) -> Bool {
    let columns = table.columns ?? []
    guard let column = columns.first(where: { $0.name.isExactly(metric) }) else {
      let free = columns.map(\.name).filter { !tuned.containsExactly($0) }
      faults.unknown("column of \(table.name)", metric, among: free, at: pointer)
      return false
    }
    guard !tuned.containsExactly(metric) else {
      faults.add(pointer, "\(metric) is tuned in parameters; a metric must be another column of \(table.name).")
      return false
    }
    guard inEveryRow, let cell = column.firstText else { return true }
    faults.add(
      pointer,
      "Column \(metric) of \(table.name) must have a number in every row, but row \(cell.row) has "
        + "\(JSONValue.string(cell.text).text); take such rows out of the table, or choose another column.")
    return false
  }
}
