import Foundation
import HTTPMessages
import JSONText
import Promises
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// How trials' networks did, as it is answered.
@Suite struct EvaluationRouteTests {
  /// Judges by what a test says.
  private final class Judge: TrialEvaluator {
    private let answers: Locked<[Result<TrialEvaluation?, StudyError>]>
    let asked = Locked(0)

    init(_ answers: [Result<TrialEvaluation?, StudyError>]) { self.answers = Locked(answers) }

    func evaluation(of trial: Trial, in study: Study, repetition: Int) async throws(StudyError) -> TrialEvaluation? {
      asked.withLock { $0 += 1 }
      return try answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }.get()
    }
  }

  private struct Painter: ExamplePictures {
    func picture(
      dataset: String, _ part: DatasetPart, _ index: Int
    ) async throws(DatasetRefusal) -> ExamplePicture {
      throw .unavailable("The disk does not let it be read.")
    }
  }

  private static var evaluation: TrialEvaluation {
    var made = TrialEvaluation(
      classes: ["0", "1"], part: .first, folds: [.init(examples: 40, accuracy: 0.5, loss: 0.75)])
    for index in 0..<40 {
      let (label, predicted) = (index % 2, index % 4 / 2)
      // Losses in no order; of two that are equal the first stays.
      let loss = Double(index * 7 % 20)
      made.count(
        label, as: predicted,
        mistake: {
          .init(index: index, fold: 0, label: label, predicted: predicted, probabilities: [0.25, 0.75], loss: loss)
        }, loss: loss)
    }
    return made
  }

  /// A study of four trials whose models are all kept.
  private func caller(_ judge: Judge?) async throws -> Caller {
    let shelf = ModelRouteTests.ShelfDouble()
    let caller = Caller(shelf: shelf, change: { $0.evaluator = judge })
    try await caller.makeStudy("one")
    try await caller.bench.work(1, on: "one") { _ in StudyBench.completed(0.5) }
    let study = try await caller.bench.study("one")
    for number in 1...4 { await shelf.put(ModelKey(study: study.id, number: number)) }
    return caller
  }

  @Test func itIsJudgedOnceAndKept() async throws {
    let judge = Judge([.success(Self.evaluation)])
    let caller = try await caller(judge)
    let first = try await caller.call("GET", "/v1/studies/one/trials/1/evaluation")
    let found = try JSONValue(parsing: first.body)
    #expect(first.status == 200 && found["confusion"] == [[10, 10], [10, 10]] && found["accuracy"] == 0.5)
    #expect(found["per_class"]?.arrayValue?[1]["recall"] == 0.5 && found["loss"] == 0.75)
    let mistakes = try #require(found["mistakes"]?.arrayValue)
    let wrong = (0..<40).filter { $0 % 2 != $0 % 4 / 2 }
    let losses = wrong.map { Double($0 * 7 % 20) }.sorted(by: >).prefix(12)
    #expect(mistakes.compactMap { $0["loss"]?.numberValue } == Array(losses))
    #expect(mistakes.allSatisfy { $0["class"] != $0["predicted"] && $0["picture"] == .null })
    let tag = try #require(first.headers["ETag"])
    let again = try await caller.call(
      "GET", "/v1/studies/one/trials/1/evaluation", headers: [("If-None-Match", tag)])
    #expect(again.status == 304 && judge.asked.value == 1)
    #expect(try await caller.call("GET", "/v1/studies/one/trials/1/evaluation?repeat=1").status == 400)
    #expect(try await caller.call("GET", "/v1/studies/one/trials/1/evaluation?fold=0").status == 400)
  }

  /// A model may go between the look at the shelf and the judging, and a data set may fail to be read: asked again, it is
  /// tried again.
  @Test func whatFailsIsToldAndTriedAgain() async throws {
    let judge = Judge([.success(nil), .failure(.unavailable("Not now.")), .success(Self.evaluation)])
    let caller = try await caller(judge)
    let path = "/v1/studies/one/trials/2/evaluation"
    #expect(try await caller.call("GET", path).status == 202)
    let failed = try await caller.call("GET", path)
    #expect(failed.status == 503 && String(decoding: failed.body, as: UTF8.self).contains("Not now."))
    #expect(try await caller.call("GET", path).status == 200 && judge.asked.value == 3)
  }

  @Test func aServiceWithoutAJudgeSaysSo() async throws {
    #expect(try await caller(nil).call("GET", "/v1/studies/one/trials/1/evaluation").status == 503)
  }

  @Test func manyClassesHaveNoMatrix() {
    var made = TrialEvaluation(
      classes: (0...TrialEvaluation.mostCounted).map { "\($0)" }, part: .second,
      folds: [.init(examples: 1, accuracy: 0, loss: 1)])
    made.count(
      3, as: 100,
      mistake: { .init(index: 0, fold: 0, label: 3, predicted: 100, probabilities: [], loss: 2) }, loss: 2)
    #expect(made.confusion == nil && made.support[3] == 1 && made.predicted[100] == 1 && made.right[3] == 0)
    #expect(made.differences == 0)
    made.count(100, as: 100, mistake: { fatalError("it is right") }, loss: 0)
    #expect(made.differences == 1)
  }

  @Test func picturesAreRefusedWithASentence() async throws {
    let plain = Caller()
    #expect(try await plain.call("GET", "/v1/datasets/toy/examples/0.png").status == 404, "two features")
    let caller = Caller(change: { configuration in
      configuration.pictures = Painter()
      let known = configuration.context.dataset
      configuration.context.dataset = { name in
        var facts = known(name)
        facts?.shape = [2, 3]
        return facts
      }
    })
    for (path, status) in [
      ("0.png", 503), ("9.png?part=first", 503), ("10.png", 404), ("3.png?part=second", 503),
      ("4.png?part=second", 404), ("00.png", 404), ("-1.png", 404), ("0.png?part=third", 400),
      ("0.png?nonsense=1", 400),
    ] {
      #expect(try await caller.call("GET", "/v1/datasets/toy/examples/\(path)").status == status, "\(path)")
    }
    let tag = "\"0000000000000000-second-3\""
    let known = try await caller.call(
      "GET", "/v1/datasets/toy/examples/3.png?part=second", headers: [("If-None-Match", tag)])
    #expect(known.status == 304, "what is known is not read")
  }
}
