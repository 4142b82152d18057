import Foundation
import JSONText
import StudyDefinitions

/// Comparisons, which make their studies themselves.
extension StudySupervisor {
  public func createComparison(
    _ body: JSONValue, unnamed: String?
  ) async throws(StudyError) -> (comparison: Snapshot<ComparisonState>, created: Bool) {
    try await ready()
    // As posted, whatever has become of defaults and data sets since.
    if let name = body["name"]?.stringValue ?? unnamed, let existing = try await findComparison(name),
      existing.value.comparison.definition.canonicalText.isExactly(body.canonicalText)
    {
      return (existing, false)
    }
    let resolved = try await resolve(comparison: body, unnamed: unnamed)
    if let existing = try await findComparison(resolved.name) { return (try same(existing, resolved), false) }
    let now = timeOfNext()
    let comparison = StoredComparison(id: UUID(), definition: body, resolved: resolved, createdAt: now)
    let studies = (0..<resolved.count).map { place in
      var study = Study(
        id: UUID(), definition: resolved.body(place, of: body), resolved: resolved.definition(place), at: now)
      study.comparison = ComparisonPlace(comparison: comparison.id, place: place)
      return study
    }
    do {
      let position = try await store.commit([.insertComparison(comparison)] + studies.map { .insertStudy($0) })
      begin(studies)
      let made = ComparisonState(comparison: comparison, studies: studies.map(\.summary))
      return (Snapshot(value: made, position: position), true)
    } catch StoreError.comparisonTaken {
      guard let existing = try await findComparison(resolved.name) else { throw .comparisonTaken(resolved.name) }
      return (try same(existing, resolved), false)
    } catch StoreError.nameTaken(let name) {
      throw .conflict(
        "A study named \"\(name)\" already exists, and the comparison would make one of that name; choose another name "
          + "for the comparison, or delete the study first.")
    } catch { throw .store(error) }
  }

  private func resolve(comparison body: JSONValue, unnamed: String?) async throws(StudyError) -> ResolvedComparison {
    let validator = try await validator(for: body)
    do {
      return try validator.resolve(comparison: body) { unnamed ?? Self.makeName("comparison-") }
    } catch { throw .invalid(error.faults) }
  }

  private func same(
    _ existing: Snapshot<ComparisonState>, _ resolved: ResolvedComparison
  ) throws(StudyError) -> Snapshot<ComparisonState> {
    guard existing.value.comparison.resolved.json.canonicalText.isExactly(resolved.json.canonicalText) else {
      throw .comparisonTaken(resolved.name)
    }
    return existing
  }

  public func stopComparison(_ name: String) async throws(StudyError) -> Snapshot<ComparisonState> {
    let found = try await namedComparison(name)
    let open = found.value.studies.filter { !$0.state.isFinished }
    guard !open.isEmpty else {
      if found.value.studies.contains(where: { $0.state == .stopped }) { return found }
      throw .conflict("All studies of comparison \(name) have ended, so that it cannot be stopped.")
    }
    var failure: StudyError?
    await withTaskGroup(of: StudyError?.self) { group in
      for study in open { group.addTask { await self.end(study.id) } }
      for await error in group { failure = failure ?? error }
    }
    if let failure { throw failure }
    return try await namedComparison(name)
  }

  /// Stops a study; nil also where it has ended or is gone by then.
  private func end(_ id: UUID) async -> StudyError? {
    do throws(StudyError) {
      _ = try await runner(id: id)?.stop(revision: nil)
      return nil
    } catch {
      switch error {
      case .conflict, .unknownStudy: return nil
      default: return error
      }
    }
  }

  public func deleteComparison(_ name: String) async throws(StudyError) {
    let found = try await namedComparison(name).value
    do {
      try await store.commit(
        found.studies.map { .deleteStudy(id: $0.id, name: $0.name) } + [.deleteComparison(id: found.comparison.id)])
    } catch { throw .store(error) }
    // They are gone already; this ends what still runs for them.
    for study in found.studies { await forget(study.id) }
  }

  private func findComparison(_ name: String) async throws(StudyError) -> Snapshot<ComparisonState>? {
    do { return try await store.comparison(named: name) } catch { throw .store(error) }
  }

  private func namedComparison(_ name: String) async throws(StudyError) -> Snapshot<ComparisonState> {
    try await ready()
    guard let found = try await findComparison(name) else { throw .unknownComparison(name) }
    return found
  }
}
