import SearchSpace
import Testing

@testable import SearchAlgorithms

@Suite struct AutomaticChoiceTests {
  private static let range = Parameter(name: "r", domain: .realRange(minimum: 0, maximum: 1, scale: .linear))

  private func name(
    _ parameters: [Parameter], _ trials: Int?, parallelism: Int = 1, among versions: [String: Int],
    needingGrids: Set<String> = ["grid"]
  ) -> String {
    let catalogue = versions.map {
      AlgorithmFacts(
        name: $0.key, version: $0.value, summary: "", citation: "", options: [],
        needsGrid: needingGrids.contains($0.key))
    }
    let task = SearchTask(space: ParameterSpace(parameters), trials: trials, parallelism: parallelism)
    return AutomaticChoice.choose(task, from: catalogue).name
  }

  @Test func theGridWhereItIsCovered() {
    let twelve = [levels("a", 4), levels("b", 3)]
    for (trials, wanted) in [(12, "grid"), (13, "grid"), (11, "random"), (nil, "random")] as [(Int?, String)] {
      #expect(name(twelve, trials, among: ["grid": 1, "random": 1]) == wanted)
    }
    #expect(name([Self.range], .max, among: ["grid": 1, "random": 1]) == "random")
    #expect(name((0..<64).map { levels("p\($0)", 10_000) }, 1_000_000, among: ["grid": 1, "random": 1]) == "random")
  }

  @Test func whatMeasuresBestElsewhere() {
    let all = ["grid": 1, "random": 1, "approximate_gradient": 2, "gaussian_process": 1, "tpe": 1]
    let large = [levels("a", 100), levels("b", 100)]
    #expect(name(large, 100, among: all) == "gaussian_process")
    #expect(name(large, 100, parallelism: 8, among: all) == "gaussian_process")
    #expect(name(large, 100, parallelism: 9, among: all) == "approximate_gradient")
    #expect(name(large, 1001, among: all) == "approximate_gradient")
    #expect(name(large, nil, among: all) == "approximate_gradient")
    #expect(name([Self.range], 100, among: all) == "gaussian_process")
    #expect(name([Self.range], 100, among: all, needingGrids: ["gaussian_process"]) == "approximate_gradient")
    // The paper's poll, version 1, is no better than random on some problems.
    #expect(name(large, 100, among: ["random": 1, "approximate_gradient": 1, "tpe": 1]) == "tpe")
    #expect(name(large, 100, among: ["random": 1, "approximate_gradient": 1]) == "random")
  }

  /// Every choice is an algorithm of the catalogue, which takes the space.
  @Test func everyChoiceCanBeMade() throws {
    for (place, space) in AlgorithmContract.spaces.enumerated() {
      for trials in [nil, 1, 50, 100_000] {
        for parallelism in [1, 16] {
          let choice = AutomaticChoice.choose(SearchTask(space: space, trials: trials, parallelism: parallelism))
          let facts = try #require(AlgorithmCatalogue.named(choice.name)).facts
          #expect(!facts.needsGrid || space.gridSize != nil, "space \(place)")
          #expect(choice.reason.hasSuffix("."))
          #expect(facts.options.allSatisfy { $0.kind != .parameterName })
        }
      }
    }
  }
}
