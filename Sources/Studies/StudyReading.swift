import Foundation

/// Reading studies.
///
/// A definition is parsed once while it is among those that were read last.
public protocol StudyReading: Sendable {
  /// Every study that is running or paused, oldest first, for a start of the service. Cost: what is read.
  func unfinishedStudies() async throws(StoreError) -> [Study]
  /// The study of a name, nil where there is none. Cost: one row, whatever the number of studies and trials.
  func study(named name: String) async throws(StoreError) -> Snapshot<Study>?
  /// The study of an identity, nil where there is none. Cost: one row.
  func study(id: UUID) async throws(StoreError) -> Study?
  /// Newest first; a page ends before its texts are over `bytes`, but for its first study. Cost: the page, for each state
  /// that the filter asks for; with several labels, all that have the first one.
  func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>>
  /// The same without the definitions, which are not read.
  func summaries(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<StudySummary, StudyKey>>
  /// Counts over all studies. Cost: one row for each study, none for trials.
  func totals() async throws(StoreError) -> StudyTotals
}

extension StudyReading {
  /// How many bytes of texts a page of studies has at most.
  public static var pageBytes: Int { 4 << 20 }

  /// Newest first, a page of usual size.
  public func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>> {
    try await studies(filter, after: after, limit: limit, bytes: Self.pageBytes)
  }

  /// Newest first and without definitions, a page of usual size.
  public func summaries(
    _ filter: StudyFilter, after: StudyKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<StudySummary, StudyKey>> {
    try await summaries(filter, after: after, limit: limit, bytes: Self.pageBytes)
  }
}
