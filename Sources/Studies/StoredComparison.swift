import Foundation
import JSONText
import StudyDefinitions

/// A comparison as it is stored: algorithms that race on one problem, each with every seed, every race a study.
public struct StoredComparison: Sendable, Hashable {
  /// Its identity; a name may be used again after a deletion.
  public var id: UUID
  /// As posted.
  public var definition: JSONValue
  /// With every default, as it was when the comparison was made.
  public var resolved: ResolvedComparison
  public var createdAt: Date

  /// Makes one.
  public init(id: UUID, definition: JSONValue, resolved: ResolvedComparison, createdAt: Date) {
    self.id = id
    self.definition = definition
    self.resolved = resolved
    self.createdAt = createdAt
  }

  /// Its name.
  public var name: String { resolved.name }
}

/// A comparison with the studies that there still are.
public struct ComparisonState: Sendable, Hashable {
  public var comparison: StoredComparison
  /// In order of their places; one that was deleted is left out.
  public var studies: [StudySummary]

  /// Makes one.
  public init(comparison: StoredComparison, studies: [StudySummary]) {
    self.comparison = comparison
    self.studies = studies
  }
}

/// What a list shows of a comparison.
public struct ComparisonRow: Sendable, Hashable {
  public var id: UUID
  public var name: String
  /// The names of its algorithms.
  public var algorithms: [String]
  /// How many seeds each algorithm has.
  public var seeds: Int
  /// How many of its studies are in each state; one that was deleted is in none.
  public var studies: [StudyState: Int]
  public var createdAt: Date

  /// Makes one.
  public init(
    id: UUID, name: String, algorithms: [String], seeds: Int, studies: [StudyState: Int], createdAt: Date
  ) {
    self.id = id
    self.name = name
    self.algorithms = algorithms
    self.seeds = seeds
    self.studies = studies
    self.createdAt = createdAt
  }
}

/// Reading comparisons.
public protocol ComparisonReading: Sendable {
  /// The comparison of a name with its studies, nil where there is none. Cost: its text, and one row for each study.
  func comparison(named name: String) async throws(StoreError) -> Snapshot<ComparisonState>?
  /// Newest first. Cost: the page, whatever the number of studies.
  func comparisons(after: StudyKey?, limit: Int) async throws(StoreError) -> Snapshot<Page<ComparisonRow, StudyKey>>
}
