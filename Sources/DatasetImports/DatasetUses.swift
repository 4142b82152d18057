import Studies

/// What the studies need of data sets.
public protocol DatasetUses: Sendable {
  /// The names of running and paused studies on a data set, 20 at most.
  func unfinishedStudies(on dataset: String) async throws(StoreError) -> [String]
  /// The names of ended studies whose best points are still being scored on a data set's last part.
  func studies(scoringOn dataset: String) -> Set<String>
}

/// What the studies of a service need.
public struct StudyUses: DatasetUses {
  private let service: any StudyService

  /// Asks a service and its store.
  public init(of service: any StudyService) { self.service = service }

  public func unfinishedStudies(on dataset: String) async throws(StoreError) -> [String] {
    var filter = StudyFilter()
    filter.dataset = dataset
    filter.states = [.running, .paused]
    return try await service.store.summaries(filter, after: nil, limit: 20).value.items.map(\.name)
  }

  public func studies(scoringOn dataset: String) -> Set<String> { service.studies(scoringOn: dataset) }
}
