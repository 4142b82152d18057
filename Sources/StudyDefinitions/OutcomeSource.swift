/// Where the outcomes of a study's trials come from.
public enum OutcomeSource: Sendable, Hashable {
  /// Cairn trains a model.
  case training
  /// Cairn looks them up in a table of results.
  case table
  /// Callers run the trials, and tell.
  case callers

  /// The kind of model that says so; nil where any kind of the catalogue does.
  var kind: String? {
    switch self {
    case .training: nil
    case .table: ResolvedDefinition.tableKind
    case .callers: ResolvedDefinition.externalKind
    }
  }

  /// Which source a kind of model names; nil where it would have to be a kind of the catalogue.
  init?(kind: String) {
    switch kind {
    case ResolvedDefinition.tableKind: self = .table
    case ResolvedDefinition.externalKind: self = .callers
    default: return nil
    }
  }
}

extension ModelFacts {
  /// The kind whose trials are looked up, as lists of kinds show it: it has no settings, costs nothing and takes no memory.
  public static let table = ModelFacts(
    kind: ResolvedDefinition.tableKind,
    summary: "Trials are looked up in a data set of format results, and nothing is trained.",
    parameters: [], memory: { _, _, _ in 0 }, operations: { _, _, _, _ in 1 })
}
