import JSONText
import StudyDefinitions

/// What the prior of a new study takes over from another.
extension StudySupervisor {
  /// The study that a definition's `prior` names, with what it has found until now; nil where there is none.
  func priorStudy(of body: JSONValue) async throws(StudyError) -> FinishedStudy? {
    guard let name = body["prior"]?["study"]?.stringValue else { return nil }
    do throws(StoreError) {
      guard let study = try await store.study(named: name)?.value else { return nil }
      let resolved = study.resolved
      return FinishedStudy(
        name: study.name, parameters: resolved.space.parameters.map(\.name), metric: resolved.metric,
        goal: resolved.goal, points: try await found(by: study))
    } catch { throw .store(error) }
  }

  /// The points of a study that completed, with the mean of their scores, and those that were pruned, with the value that
  /// was judged: the best ones where there are too many, in order of their first trials.
  private func found(by study: Study) async throws(StoreError) -> [TriedPoint] {
    let most = DefinitionValidator.mostPriorPoints
    let maximize = study.resolved.goal == .maximize
    var found = try await store.bestPoints(study: study.id, maximize: maximize, count: most).value.map {
      (first: $0.trials.first ?? 0, tried: TriedPoint(point: $0.point, value: $0.mean))
    }
    var seen = Set(found.map { $0.tried.point })
    var filter = TrialFilter()
    filter.states = [.pruned]
    var after: TrialKey?
    repeat {
      let page = try await store.trials(study: study.id, filter, after: after, limit: 1000).value
      for trial in page.items {
        guard let value = trial.prunedValue, value.isFinite, seen.insert(trial.point).inserted else { continue }
        found.append((trial.number, TriedPoint(point: trial.point, value: value)))
      }
      after = page.next
    } while after != nil && found.count < 4 * most
    if found.count > most {
      found.sort { one, other in
        if one.tried.value == other.tried.value { return one.first < other.first }
        return maximize ? one.tried.value > other.tried.value : one.tried.value < other.tried.value
      }
      found.removeLast(found.count - most)
    }
    return found.sorted { $0.first < $1.first }.map { $0.tried }
  }
}
