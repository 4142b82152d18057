import JSONText
import SearchSpace
import StudyDefinitions
import Testing

/// Priors that name another study.
@Suite struct PriorStudyTests {
  private func other(
    _ values: [Double], metric: String = "validation_accuracy", goal: Goal = .maximize, name: String = "learning_rate"
  ) -> FinishedStudy {
    FinishedStudy(
      name: "first", parameters: [name], metric: metric, goal: goal,
      points: values.map { TriedPoint(point: Point([name: .real($0)]), value: 10 * $0) })
  }

  private func resolved(_ other: FinishedStudy?) throws -> ResolvedDefinition {
    var context = DefinitionContext.test
    context.priorStudy = other
    return try DefinitionValidator(context: context).resolve(body(#"{"prior": {"study": "first"}}"#)) { "n" }
  }

  /// Points between the levels are kept, and those outside left out, in their order.
  @Test func itsPointsAreTaken() throws {
    let definition = try resolved(other([0.1, 0.05, 0.5, 0.01]))
    #expect(definition.prior.map(\.value) == [1, 0.5, 0.1])
    #expect(definition.prior[1].point["learning_rate"] == .real(0.05))
    // They are part of what is stored: the other study is not needed again.
    #expect(try ResolvedDefinition(json: definition.json) == definition)
  }

  @Test func whatDoesNotFit() throws {
    let cases: [(FinishedStudy?, String)] = [
      (nil, "No study is named \"first\""), (other([]), "no completed or pruned trial"),
      (other([0.5]), "lies in this space"), (other([0.1], goal: .minimize), "validation_accuracy, minimize"),
      (other([0.1], metric: "validation_loss"), "validation_loss, maximize"),
      (other([0.1], name: "rate"), "tunes rate, which this study does not tune"),
      (other([0.1], name: "rate"), "does not tune learning_rate"),
    ]
    for (other, word) in cases {
      let error = #expect(throws: InvalidDefinition.self) { try resolved(other) }
      #expect(error?.faults.allSatisfy { $0.pointer == "/prior/study" } == true)
      #expect(error?.faults.contains { $0.detail.contains(word) } == true, "\(word): \(String(describing: error))")
    }
  }
}
