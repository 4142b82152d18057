import Foundation
import JSONText
import SearchSpace
import StudyDefinitions
import TestSupport
import Testing

@testable import Analysis
@testable import Studies

/// What there is to remark on a study though nothing of it is wrong.
@Suite struct WarningTests {
  private func study(
    _ algorithm: String = "grid", sizes: [Int] = [5, 4, 3], budget: JSONValue? = nil,
    more: [(String, JSONValue)] = []
  ) throws -> Study {
    let body = StudyBench.definition(
      "s", algorithm: ["name": .string(algorithm)], sizes: sizes, budget: budget, more: more)
    let resolved = try DefinitionValidator(context: StudyBench.context).resolve(body) { "s" }
    return Study(id: UUID(), definition: body, resolved: resolved, at: Date(timeIntervalSince1970: 0))
  }

  private func best(_ value: Double, _ values: [String: Int] = ["a": 4, "b": 1, "c": 1]) -> BestPoint {
    BestPoint(
      point: Point(values.mapValues { .integer($0) }), mean: value, squaredDeviations: 0, runs: 1, trials: [1],
      tieBreak: nil)
  }

  private let cats = ScoredPart(examples: 150, mostFrequentClass: "cat", mostFrequent: 99)

  private func codes(
    _ study: Study, best: BestPoint? = nil, scored: ScoredPart? = nil, ends: [String: ClosedRange<Double>] = [:]
  ) -> [String] {
    StudyWarning.of(study, best: best, scored: scored, ends: ends).map { "\($0.code) \($0.pointer)" }
  }

  @Test func aGridThatItsBudgetCuts() throws {
    let warnings = StudyWarning.of(
      try study(budget: ["trials": 7]), best: nil, scored: nil, ends: [:])
    #expect(warnings.map(\.code) == ["grid_cut"] && warnings[0].pointer == "/budget/trials")
    // The first parameter varies fastest; the second has two of its levels, the third one.
    for word in ["60 points", "7 trials", "c keeps", "random"] {
      #expect(warnings[0].detail.contains(word), "\(warnings)")
    }
    #expect(!warnings[0].detail.contains("b, c"))
    #expect(codes(try study(budget: ["trials": 60])).isEmpty)
    #expect(codes(try study(budget: ["trials": 600])).isEmpty)
    #expect(codes(try study()).isEmpty)
    #expect(codes(try study("random", budget: ["trials": 7])).isEmpty)
    var edited = try study()
    edited.budget.trials = 12
    #expect(codes(edited) == ["grid_cut "], "there is no budget in the definition to point at")
  }

  @Test func aBestThatAConstantAnswerReaches() throws {
    let study = try study()
    #expect(codes(study, best: best(0.66), scored: cats) == ["constant_answer "])
    #expect(codes(study, best: best(0.34), scored: cats) == ["constant_answer "])
    #expect(codes(study, best: best(0.67), scored: cats).isEmpty)
    #expect(codes(study, best: best(0.34)).isEmpty, "nothing is known of the examples")
    #expect(StudyWarning.of(study, best: best(0.66), scored: cats, ends: [:])[0].detail.contains("\"cat\""))
    let loss = try self.study(more: [("objective", ["metric": "validation_loss"])])
    #expect(codes(loss, best: best(0.66), scored: cats).isEmpty)
    let said = try self.study(more: [("objective", ["metric": "validation_accuracy"])])
    #expect(codes(said, best: best(0.5), scored: cats) == ["constant_answer /objective"])
  }

  @Test func aBestAtAnEndOfARange() throws {
    let study = try study()
    // Levels of a are 0, 1, 4, 9, 16.
    #expect(codes(study, best: best(0.9, ["a": 16, "b": 1, "c": 1])) == ["end_of_range /parameters/a"])
    #expect(
      codes(study, best: best(0.9, ["a": 4, "b": 0, "c": 4])) == [
        "end_of_range /parameters/b", "end_of_range /parameters/c",
      ])
    // Where the model allows no more, the end is the model's.
    #expect(codes(study, best: best(0.9, ["a": 0, "b": 1, "c": 1]), ends: ["a": 0...100]).isEmpty)
    #expect(codes(study, best: best(0.9, ["a": 16, "b": 1, "c": 1]), ends: ["a": 0...16]).isEmpty)
    // Two levels have nothing but ends.
    let two = try self.study(sizes: [2, 5])
    #expect(codes(two, best: best(0.9, ["a": 1, "b": 4])).isEmpty)
  }

  @Test func aSplitThatTellsLittleApart() throws {
    let few = ScoredPart(examples: 50, mostFrequentClass: "cat", mostFrequent: 33)
    #expect(codes(try study(), scored: few) == ["small_split "])
    let said = try study(more: [("validation", ["split": "second"])])
    #expect(codes(said, scored: few) == ["small_split /validation/split"])
    #expect(
      StudyWarning.of(said, best: nil, scored: few, ends: [:])[0].detail
        == "Trials are scored on 50 examples: one of them is 2 percentage points of accuracy. Two settings whose accuracies "
        + "differ by less than about 20 percentage points can hardly be told apart. Folds, or a larger part, say more.")
    #expect(codes(said, scored: cats).isEmpty)
  }
}
