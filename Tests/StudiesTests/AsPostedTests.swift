import Foundation
import JSONText
import StudyDefinitions
import TestSupport
import Testing

@testable import Studies

/// Definitions of one name are the same as posted, whatever defaults have become since.
@Suite struct AsPostedTests {
  /// A study as a service stored it that scored on the second part by default, and whose levels were rounded otherwise.
  private func older(_ body: JSONValue, in bench: StudyBench) async throws -> Study {
    let resolved = try DefinitionValidator(context: StudyBench.context).resolve(body) { "unnamed" }
    var object = try #require(resolved.json.objectValue)
    object["validation"] = ["split": "test", "repeats": 1]
    object["parameters"] = ["a": ["type": "integer", "values": [0, 1, 5]]]
    let study = Study(
      id: UUID(), definition: body, resolved: try ResolvedDefinition(json: .object(object)), at: SystemClock().now())
    try await bench.store.commit([.insertStudy(study)])
    return study
  }

  @Test func aStudyUnderOlderDefaultsIsTheSame() async throws {
    let bench = StudyBench()
    let body = StudyBench.definition("s", sizes: [3])
    let study = try await older(body, in: bench)
    // Members in another order and numbers in another form are one canonical JSON.
    let reversed = JSONValue.object(
      JSONObject(try #require(body.objectValue).members.reversed().map { ($0.name, $0.value) }))
    for again in [body, reversed] {
      let (found, created) = try await bench.supervisor.create(again)
      #expect(!created && found.value.id == study.id)
      #expect(found.value.resolved == study.resolved)
      #expect(found.value.resolved.final == nil && found.value.resolved.split == .test)
    }
    // Said in other words it is what those words mean now.
    await #expect(throws: StudyError.self) {
      try await bench.supervisor.create(StudyBench.definition("s", sizes: [3], more: [("notes", .null), ("seed", 8)]))
    }
  }

  @Test func aStudyWhoseDataSetIsGoneIsTheSame() async throws {
    let bench = StudyBench()
    var object = try #require(StudyBench.definition("s", sizes: [3]).objectValue)
    let study = try await older(.object(object), in: bench)
    object["dataset"] = "gone"
    var other = study
    other.name = "t"
    other.id = UUID()
    object["name"] = "t"
    other.definition = .object(object)
    try await bench.store.commit([.insertStudy(other)])
    let (found, created) = try await bench.supervisor.create(.object(object))
    #expect(!created && found.value.id == other.id)
  }

  @Test func editsDoNotCount() async throws {
    let bench = StudyBench()
    let body = StudyBench.definition("s", sizes: [3])
    _ = try await bench.supervisor.create(body)
    _ = try await bench.supervisor.edit("s", patch: ["notes": "later"], revision: nil)
    #expect(try await bench.supervisor.create(body).created == false)
  }
}

/// A budget is no matter of a study that ended otherwise.
@Suite struct EndedOtherwiseTests {
  @Test func anotherBudgetIsRefused() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(StudyBench.definition("space", sizes: [3], budget: ["trials": 10]))
    try await bench.work(1, on: "space")
    #expect(try await bench.study("space").stopReason?.code == .spaceExhausted)
    await #expect {
      try await bench.supervisor.edit("space", patch: ["budget": ["trials": 20]], revision: nil)
    } throws: { error in
      guard case StudyError.conflict(let detail) = error else { return false }
      return detail.contains("Every point of the space has been tried")
    }
    // What changes nothing is no change, and notes are no matter of how it ended.
    #expect(
      try await bench.supervisor.edit("space", patch: ["budget": ["trials": 10]], revision: nil).value.edits == [])
    #expect(
      try await bench.supervisor.edit("space", patch: ["notes": "n"], revision: nil).value.notes == "n")
  }

  @Test func aStoppedStudysDescentHasEnded() async throws {
    let bench = StudyBench()
    _ = try await bench.supervisor.create(
      StudyBench.definition(
        "s", algorithm: ["name": "approximate_gradient", "preset": "paper"], budget: ["trials": 30]))
    _ = try await bench.supervisor.queue.next(worker: "w", finished: nil)
    #expect(try await bench.supervisor.descents("s")?.last?.stopReason == nil)
    _ = try await bench.supervisor.stop("s", revision: nil)
    #expect(try await bench.supervisor.descents("s")?.last?.stopReason == "stopped")
    await #expect(throws: StudyError.self) {
      try await bench.supervisor.edit("s", patch: ["budget": ["trials": 40]], revision: nil)
    }
  }
}

/// A trial's value and what its scores are of.
@Suite struct FoldValueTests {
  private func definition(_ split: SplitDefinition, repeats: Int) throws -> ResolvedDefinition {
    var definition = try DefinitionValidator(context: StudyBench.context).resolve(StudyBench.definition("s")) { "s" }
    definition.training?.split = split
    definition.training?.repeats = repeats
    return definition
  }

  /// The bits that a value had before folds were told: the mean over repeats, of each one's mean over folds.
  @Test func theValueIsAsItWas() throws {
    let definition = try definition(.folds(3), repeats: 2)
    let scores = [0.1, 0.7, 0.3, 0.9, 0.2, 0.4]
    let first = (scores[0] + scores[1] + scores[2]) / 3
    let second = (scores[3] + scores[4] + scores[5]) / 3
    #expect(definition.value(of: scores) == [first, second].mean)
    #expect(definition.value(of: [first, second]) == [first, second].mean)
  }

  @Test func partsSayWhichIsWhich() throws {
    func parts(_ split: SplitDefinition, repeats: Int, _ count: Int) throws -> [[Int?]] {
      try definition(split, repeats: repeats).parts(ofScores: count).map { [$0.repetition, $0.fold] }
    }
    #expect(try parts(.folds(3), repeats: 2, 6) == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]])
    #expect(try parts(.folds(3), repeats: 2, 2) == [[0, nil], [1, nil]], "a trial from before folds were told")
    #expect(try parts(.holdout(0.2, test: nil), repeats: 3, 3) == [[0, nil], [1, nil], [2, nil]])
    #expect(try parts(.folds(3), repeats: 1, 0) == [])
  }
}
