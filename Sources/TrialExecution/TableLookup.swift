import Datasets
import Promises
import SearchSpace
import Studies
import StudyDefinitions

/// Finds the outcomes of trials in tables of results.
public final class TableLookup: Sendable {
  /// The most bytes of indexes, and of the tables that they hold, that are kept.
  static let mostBytes = 256 << 20

  /// An index is known by the table's content and the columns that are searched.
  private struct Key: Hashable, Sendable {
    var sha256: String
    var columns: [String]

    init(_ definition: ResolvedDefinition) {
      sha256 = definition.datasetSHA256
      columns = definition.space.parameters.map(\.name)
    }
  }

  private let dataset: @Sendable (_ name: String, _ sha256: String) throws -> Dataset
  private let indexes = Locked(LeastRecentlyUsed<Key, ResultsIndex>(limit: mostBytes) { $0.bytes + $0.table.bytes })

  /// Makes a lookup that reads data sets by `dataset`.
  public init(dataset: @escaping @Sendable (_ name: String, _ sha256: String) throws -> Dataset) {
    self.dataset = dataset
  }

  /// Looks up a piece of work; the first of a table reads it, which may take a while.
  public func prepare(_ work: Work) -> PreparedWork {
    PreparedWork { [self] _, _ in
      guard case .trials(let trials) = work else { return WorkReport() }
      let found = Result { try index(of: work.definition) }
      return WorkReport(
        trials: Dictionary(uniqueKeysWithValues: trials.map { ($0.number, Self.outcome(of: $0, in: found)) }))
    }
  }

  /// The outcome of a trial whose table is in memory; nil where it is not, or where the trial is not looked up at all.
  public func outcomeAtOnce(of trial: TrialAssignment) -> TrialReport? {
    guard trial.definition.source == .table else { return nil }
    let key = Key(trial.definition)
    return indexes.withLock { $0.value(for: key) }.map { Self.outcome(of: trial, in: $0) }
  }

  private func index(of definition: ResolvedDefinition) throws -> ResultsIndex? {
    let key = Key(definition)
    if let known = indexes.withLock({ $0.value(for: key) }) { return known }
    guard let table = try dataset(definition.dataset, definition.datasetSHA256).results,
      let index = ResultsIndex(table, by: key.columns)
    else { return nil }
    indexes.withLock { $0.insert(index, for: key) }
    return index
  }

  private static func outcome(
    of trial: TrialAssignment, in found: Result<ResultsIndex?, any Error>
  ) -> TrialReport {
    let name = trial.definition.dataset
    switch found {
    case .success(let index?): return outcome(of: trial, in: index)
    case .success(nil):
      return .failed(message: "Data set \(name) is no table with the columns of the parameters.", class: .error)
    case .failure(let error): return .failed(message: "Data set \(name) could not be read: \(error)", class: .io)
    }
  }

  /// What the table has of a trial: the row of its replicate. Every other column with a number there is a metric.
  private static func outcome(of trial: TrialAssignment, in index: ResultsIndex) -> TrialReport {
    let definition = trial.definition
    let names = definition.space.parameters.map(\.name)
    let found = index.row(of: names.compactMap { trial.point[$0].map(ResultsValue.init) }, replicate: trial.replicate)
    func infeasible(_ reason: String) -> TrialReport { .infeasible(reason: reason, computeSeconds: 0) }
    guard let row = found.row else {
      if found.count == 0 { return infeasible("The table \(definition.dataset) has no row of this point.") }
      return infeasible(
        "The table \(definition.dataset) has \(found.count == 1 ? "1 row" : "\(found.count) rows") of this point, and "
          + "none for replicate \(trial.replicate), counted from 0.")
    }
    var metrics: [String: Double] = [:]
    for column in index.table.columns where !names.containsExactly(column.name) {
      metrics[column.name] = column.number(row)
    }
    guard let value = metrics[definition.metric] else {
      // The header is row 1 of the file.
      return infeasible("Row \(row + 2) of the table \(definition.dataset) has no number as \(definition.metric).")
    }
    return .completed(
      scores: [value], metrics: metrics, curve: LearningCurve(names: []), computeSeconds: 0)
  }
}

extension ResultsValue {
  /// The cell that holds a value of a parameter: a number, or its text.
  fileprivate init(_ value: ParameterValue) {
    switch value {
    case .integer(let number): self = .number(Double(number))
    case .real(let number): self = .number(number)
    case .boolean(let truth): self = .text(truth ? "true" : "false")
    case .string(let text): self = .text(text)
    }
  }
}
