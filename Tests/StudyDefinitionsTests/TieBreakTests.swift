import JSONText
import Testing

@testable import StudyDefinitions

/// What decides between equal values: as given, by default, and of studies from before there was one.
@Suite struct TieBreakTests {
  private func objective(_ text: String) throws -> ResolvedDefinition {
    // Not by a merge, to which null says that a member is left out.
    var definition = try #require(try body().objectValue)
    definition["objective"] = try json(text)
    return try resolve(.object(definition))
  }

  @Test func defaults() throws {
    #expect(try resolve(body()).tieBreak == .validationLoss)
    for text in ["{}", "null", #"{"goal": "minimize"}"#, #"{"metric": "validation_accuracy"}"#] {
      #expect(try objective(text).tieBreak == .validationLoss, "\(text)")
    }
    // The objective decides nothing between its own equal values.
    #expect(try objective(#"{"metric": "validation_loss"}"#).tieBreak == nil)
    #expect(try objective(#"{"tie_break": null}"#).tieBreak == nil)
  }

  @Test func asGiven() throws {
    let trainLoss = TieBreak(metric: "train_loss", goal: .minimize)
    #expect(try objective(#"{"tie_break": "train_loss"}"#).tieBreak == trainLoss)
    #expect(try objective(#"{"tie_break": {"metric": "train_loss"}}"#).tieBreak == trainLoss)
    #expect(
      try objective(#"{"tie_break": {"metric": "train_loss", "goal": "maximize"}}"#).tieBreak
        == TieBreak(metric: "train_loss", goal: .maximize))
    #expect(
      try objective(#"{"metric": "validation_loss", "tie_break": {"metric": "validation_accuracy"}}"#).tieBreak
        == TieBreak(metric: "validation_accuracy", goal: .maximize))
  }

  @Test func sameDefinitions() throws {
    let one = try resolve(body()).canonicalText
    for text in [#"{"tie_break": "validation_loss"}"#, #"{"tie_break": {"metric": "validation_loss"}}"#] {
      #expect(try objective(text).canonicalText == one)
    }
    for text in [#"{"tie_break": null}"#, #"{"tie_break": "train_loss"}"#] {
      #expect(try objective(text).canonicalText != one)
    }
  }

  @Test func storedForm() throws {
    for text in [#"{"tie_break": null}"#, #"{"tie_break": {"metric": "train_accuracy"}}"#] {
      let definition = try objective(text)
      #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
    }
    // A study from before there was one: its search compared by the objective alone, and `best` by the validation loss.
    var whole = try #require(try resolve(body()).json.objectValue)
    whole["objective"] = ["metric": "validation_accuracy", "goal": "maximize"]
    let old = try ResolvedDefinition(json: .object(whole))
    #expect(old.tieBreak == nil && old.tieBreakOfBest == .validationLoss)
  }

  @Test func smallerIsBetter() {
    let metrics = ["a": 2.0, "b": .infinity]
    #expect(TieBreak(metric: "a", goal: .minimize).value(of: metrics) == 2)
    #expect(TieBreak(metric: "a", goal: .maximize).value(of: metrics) == -2)
    for name in ["b", "c"] { #expect(TieBreak(metric: name, goal: .minimize).value(of: metrics) == nil) }
  }
}
