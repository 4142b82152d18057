import Foundation
import TestSupport
import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// What callers tell of the trials that they run, and what came of it.
extension StoreContractTests {
  /// What a caller told step by step is read whole, and at 200 steps at most where it is shown; a new attempt forgets it.
  @Test func reportsAreRead() async throws {
    try await overEachStore { store in
      let study = Sample.study("s")
      let trial = Sample.trial(study, 1)
      try await store.commit([.insertStudy(study), .insertTrial(trial, lease: Lease(worker: "w", seconds: 60))])
      #expect(try await store.reports(study: study.id, numbers: [1, 2]).isEmpty)
      let points = (1...450).map { CurvePoint(step: 3 * $0, metrics: ["score": 1 / Double($0)]) }
      try await store.commit(points.map { .report(study: study.id, number: 1, $0) })
      #expect(try await store.reports(study: study.id, numbers: [2, 1]) == [1: LearningCurve(points)])
      let shown = try await store.curve(study: study.id, number: 1)
      #expect(shown.points.last == points.last && (1...450).contains(shown.count))
      var pruned = trial
      pruned.state = .pruned
      pruned.prunedValue = 1 / 450
      pruned.prunedAtStep = 1350
      pruned.finishedAt = Date(timeIntervalSince1970: 1_700_000_002.25)
      try await store.commit([.updateTrial(pruned, lease: nil)])
      #expect(try await store.trial(study: study.id, number: 1)?.value == pruned)
      #expect(try await store.reports(study: study.id, numbers: [1])[1]?.count == 450)
      try await store.commit([.forgetReports(study: study.id, number: 1)])
      #expect(try await store.reports(study: study.id, numbers: [1]).isEmpty)
    }
  }
}
