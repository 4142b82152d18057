import Foundation
import JSONText
import SearchAlgorithms
import StudyDefinitions

/// What callers may ask of studies: the port that the API uses.
public protocol StudyService: ExternalTrialService {
  /// Makes a study from a posted body, or finds the existing one with the same definition.
  ///
  /// `unnamed`: the name of a study that was posted without one; nil draws one.
  func create(
    _ body: JSONValue, unnamed: String?
  ) async throws(StudyError) -> (study: Snapshot<Study>, created: Bool)

  /// Running trials finish, none is handed out. `revision`: what `If-Match` asked for, else nil.
  func pause(_ name: String, revision: Int?) async throws(StudyError) -> Snapshot<Study>
  func resume(_ name: String, revision: Int?) async throws(StudyError) -> Snapshot<Study>
  func stop(_ name: String, revision: Int?) async throws(StudyError) -> Snapshot<Study>
  /// Applies a merge patch (RFC 7396) of `budget`, `parallelism`, `max_running`, `labels`, `notes`.
  func edit(_ name: String, patch: JSONValue, revision: Int?) async throws(StudyError) -> Snapshot<Study>
  /// Spends trials beyond the budget on new runs of the best points, as a posted body says.
  func confirm(_ name: String, _ body: JSONValue, revision: Int?) async throws(StudyError) -> Snapshot<Study>
  func delete(_ name: String, revision: Int?) async throws(StudyError)

  /// Makes a comparison and its studies from a posted body, all at once, or finds the existing one with the same definition.
  ///
  /// `unnamed`: the name of a comparison that was posted without one; nil draws one.
  func createComparison(
    _ body: JSONValue, unnamed: String?
  ) async throws(StudyError) -> (comparison: Snapshot<ComparisonState>, created: Bool)
  /// Stops its studies that have not ended.
  func stopComparison(_ name: String) async throws(StudyError) -> Snapshot<ComparisonState>
  /// Removes it with its studies, all at once.
  func deleteComparison(_ name: String) async throws(StudyError)

  /// The descents of a local search, or nil where the algorithm has none.
  func descents(_ name: String) async throws(StudyError) -> [Descent]?

  /// Has a model of a completed trial trained, ahead of new trials; tells whether it is one of those that are kept, and so
  /// should be there soon.
  ///
  /// The one way in which a request orders training: it asks for a model that is not kept, so that it is made on demand.
  func train(_ trial: Trial, of study: Study, repetition: Int) async throws(StudyError) -> Bool

  /// Waits until a model is no longer in line: it was trained, or cannot be. Returns after `seconds`, too.
  func waitForModel(_ key: ModelKey, seconds: Double) async

  /// What the networks of one of an ended study's best points score on what the search never sees; orders nothing.
  func testResult(ofTrial number: Int, of study: Study) async -> TestResult

  /// Where trained models are kept; nil where none are.
  var models: (any ModelShelf)? { get }

  /// The names of the ended studies whose best points are still being scored on the last part of a data set.
  func studies(scoringOn dataset: String) -> Set<String>

  /// What a study is doing now; nil for one that is finished or unknown. Does not wait.
  func live(_ id: UUID) -> LiveStatus?

  /// The workers, in order of name.
  func workers() -> [WorkerStatus]

  /// Reads go straight to the store.
  var store: any StudyStore { get }
}

extension StudyService {
  /// Makes a study, with a drawn name where the body has none.
  public func create(_ body: JSONValue) async throws(StudyError) -> (study: Snapshot<Study>, created: Bool) {
    try await create(body, unnamed: nil)
  }
}
