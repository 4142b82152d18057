import Testing

@testable import Studies
@testable import StudyStoreSQLite

/// What comparisons read says the same as whole trials.
@Suite struct BriefTests {
  @Test func briefsAreWhatTheTrialsAre() async throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteStudyStore(path: folder.path + "/a.sqlite")
    let study = Sample.study("s")
    let first = Sample.trial(study, 1)
    var done = Sample.completed(first, 0.5)
    done.reusedFrom = "other/trials/7"
    done.computeSeconds = 0
    done.sharedSeconds = 1.5
    var again = Sample.completed(Sample.trial(study, 3), 0.9)
    again.replicate = 1
    // An older version did not record what it took.
    again.reusedFrom = "other/trials/7"
    try await store.commit([
      .insertStudy(study), .insertTrial(first, lease: Lease(worker: "w")), .updateTrial(done, lease: nil),
      .insertTrial(Sample.trial(study, 2), lease: Lease(worker: "w")),
      .insertTrial(again, lease: Lease(worker: "w")), .updateTrial(again, lease: nil),
    ])
    let trials = try await store.trials(study: study.id, TrialFilter(), after: nil, limit: 10).value.items
    let names = first.point.values.keys.sorted()
    #expect(!names.isEmpty && trials.count == 3 && trials[2].value == 0.9)
    for setting in names.map(Optional.some) + [nil, "nothing"] {
      let found = try await store.briefs(study: study.id, setting: setting, beyond: 0, limit: 10)
      #expect(found == trials.map { TrialBrief($0, setting: setting) }, "\(setting ?? "-")")
    }
    #expect(try await store.briefs(study: study.id, setting: nil, beyond: 0, limit: 1).map(\.number) == [1])
    #expect(try await store.briefs(study: study.id, setting: nil, beyond: 1, limit: 9).map(\.value) == [nil, nil])
    let seconds = try await store.briefs(study: study.id, setting: nil, beyond: 0, limit: 9).map(\.seconds)
    #expect(seconds == [1.5, 0, nil])
    #expect(try await store.briefs(study: study.id, setting: nil, beyond: 3, limit: 9).isEmpty)
    try store.close()
  }
}
