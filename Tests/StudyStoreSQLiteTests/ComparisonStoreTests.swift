import Foundation
import JSONText
import Studies
import StudyDefinitions
import TestSupport
import Testing

@testable import StudyStoreSQLite

/// What every store keeps of comparisons.
@Suite struct ComparisonStoreTests {
  private func overEachStore(_ body: (any StudyStore) async throws -> Void) async throws {
    try await body(MemoryStudyStore())
    let folder = try TemporaryFolder()
    let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite")
    try await body(store)
    try store.close()
  }

  /// A comparison of two algorithms with two seeds, and its studies.
  private func made(_ name: String, at seconds: Double = 1_700_000_000) -> (StoredComparison, [Study]) {
    let sample = Sample.study(name, at: seconds)
    let comparison = StoredComparison(
      id: UUID(), definition: ["name": .string(name)],
      resolved: ResolvedComparison(
        name: name,
        entries: ["a", "b"].map { .init(name: $0, algorithm: ["name": "grid"], definition: sample.resolved) },
        seeds: [0, 7]), createdAt: sample.createdAt)
    let studies = (0..<4).map { place in
      var study = Sample.study(comparison.resolved.studyName(place), at: seconds)
      study.comparison = ComparisonPlace(comparison: comparison.id, place: place)
      return study
    }
    return (comparison, studies)
  }

  @Test func aComparisonIsReadWithItsStudies() async throws {
    try await overEachStore { store in
      let (comparison, studies) = made("c")
      // The order of their places, whatever the order in which they came.
      let position = try await store.commit(
        [.insertComparison(comparison)] + studies.reversed().map { .insertStudy($0) })
      let found = try await store.comparison(named: "c")
      #expect(found?.value == ComparisonState(comparison: comparison, studies: studies.map(\.summary)))
      #expect(found?.position == position)
      #expect(try await store.comparison(named: "d") == nil)
      #expect(try await store.study(named: "c-b-7")?.value == studies[3])
    }
  }

  @Test func allOrNothing() async throws {
    try await overEachStore { store in
      let (comparison, studies) = made("c")
      try await store.commit([.insertStudy(Sample.study("c-b-0"))])
      await #expect(throws: StoreError.nameTaken("c-b-0")) {
        try await store.commit([.insertComparison(comparison)] + studies.map { .insertStudy($0) })
      }
      #expect(try await store.comparison(named: "c") == nil)
      #expect(try await store.study(named: "c-a-0") == nil)
      let other = made("d")
      try await store.commit([.insertComparison(other.0)] + other.1.map { .insertStudy($0) })
      await #expect(throws: StoreError.comparisonTaken("d")) {
        try await store.commit([.insertComparison(made("d").0)])
      }
    }
  }

  @Test func aListCountsTheStatesOfStudies() async throws {
    try await overEachStore { store in
      let (comparison, made) = made("c")
      var studies = made
      try await store.commit([.insertComparison(comparison)] + studies.map { .insertStudy($0) })
      func counts() async throws -> [StudyState: Int]? {
        try await store.comparisons(after: nil, limit: 10).value.items.first?.studies
      }
      #expect(try await counts() == [.running: 4])
      for (place, state) in [(0, StudyState.paused), (1, .completed), (2, .failed), (0, .stopped), (1, .running)] {
        studies[place].state = state
        studies[place].finishedAt = state.isFinished ? comparison.createdAt : nil
        try await store.commit([.updateStudy(studies[place])])
      }
      #expect(try await counts() == [.running: 2, .stopped: 1, .failed: 1])
      let before = try await store.position()
      #expect(try await store.commit([.deleteStudy(id: studies[2].id, name: studies[2].name)]) == before + 1)
      #expect(try await store.commit([.deleteStudy(id: studies[2].id, name: studies[2].name)]) == before + 1)
      #expect(try await counts() == [.running: 2, .stopped: 1])
      #expect(try await store.comparison(named: "c")?.value.studies.map(\.name) == ["c-a-0", "c-a-7", "c-b-7"])
      // With its studies, and its name is free again.
      try await store.commit(
        studies.map { .deleteStudy(id: $0.id, name: $0.name) } + [.deleteComparison(id: comparison.id)])
      #expect(try await store.comparison(named: "c") == nil)
      #expect(try await store.study(named: "c-a-0") == nil)
      #expect(try await counts() == nil)
      let again = self.made("c")
      try await store.commit([.insertComparison(again.0)] + again.1.map { .insertStudy($0) })
      #expect(try await counts() == [.running: 4])
    }
  }

  @Test func newestFirstInPages() async throws {
    try await overEachStore { store in
      let all = (0..<5).map { made("c\($0)", at: 1_700_000_000 + Double($0)).0 }
      try await store.commit(all.map { .insertComparison($0) })
      let first = try await store.comparisons(after: nil, limit: 2).value
      #expect(first.items.map(\.name) == ["c4", "c3"] && first.items[0].algorithms == ["a", "b"])
      #expect(first.items[0].seeds == 2 && first.items[0].createdAt == all[4].createdAt)
      let second = try await store.comparisons(after: first.next, limit: 3).value
      #expect(second.items.map(\.name) == ["c2", "c1", "c0"] && second.next == nil)
    }
  }
}
