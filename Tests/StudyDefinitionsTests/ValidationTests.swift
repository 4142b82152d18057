import JSONText
import Testing

@testable import StudyDefinitions

/// What a search is scored on, and what its best points are scored on at the end.
@Suite struct ValidationTests {
  private func validation(_ text: String, dataset: String = "cats") throws -> ResolvedDefinition {
    try resolve(definition(text, dataset: dataset))
  }

  /// A body with this validation; a merge patch would take nulls out.
  private func definition(_ validation: String, dataset: String = "cats") throws -> JSONValue {
    var object = try #require(body().objectValue)
    object["dataset"] = .string(dataset)
    object["validation"] = try json(validation)
    return .object(object)
  }

  @Test func noFinalPartBesideATestShareIsAFault() throws {
    let found = faults(try definition(#"{"split": {"holdout": 0.2, "test": 0.2}, "final": null}"#))
    #expect(found.map(\.pointer) == ["/validation/final"] && found[0].detail.contains("already"))
  }

  @Test func theSecondPartIsKeptForTheEnd() throws {
    let cases: [(String, String, SplitDefinition, FinalPart?)] = [
      ("null", "cats", .holdout(0.2, test: nil), .second),
      ("{}", "cats", .holdout(0.2, test: nil), .second),
      ("null", "rare", .holdout(0.2, test: nil), nil),
      (#"{"split": "second"}"#, "cats", .second, nil),
      (#"{"split": "test"}"#, "cats", .test, nil),
      (#"{"split": {"folds": 5}}"#, "cats", .folds(5), .second),
      (#"{"split": {"folds": 5}, "final": "second"}"#, "cats", .folds(5), .second),
      (#"{"split": {"folds": 5}, "final": null}"#, "cats", .folds(5), nil),
      (#"{"split": {"folds": 2}, "final": {"share": 0.2}}"#, "cats", .folds(2), .share(0.2)),
      (#"{"split": "second", "final": {"share": 0.2}}"#, "cats", .second, .share(0.2)),
      (#"{"final": {"share": 0.25}}"#, "cats", .holdout(0.2, test: nil), .share(0.25)),
      (#"{"split": {"holdout": 0.2, "test": 0.3}}"#, "cats", .holdout(0.2, test: 0.3), .share(0.3)),
      (
        #"{"split": {"holdout": 0.2, "test": 0.3}, "final": {"share": 0.3}}"#, "cats", .holdout(0.2, test: 0.3),
        .share(0.3)
      ),
    ]
    for (text, dataset, split, final) in cases {
      let definition = try validation(text, dataset: dataset)
      #expect(definition.split == split, "\(text)")
      #expect(definition.final == final, "\(text)")
      #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
    }
  }

  /// A share of the end is one thing, wherever a definition says it; so are the two words for the second part.
  @Test func sameThingsInOtherWords() throws {
    for (one, other) in [
      (#"{"split": {"holdout": 0.2, "test": 0.3}}"#, #"{"split": {"holdout": 0.2}, "final": {"share": 0.3}}"#),
      (#"{"split": "second"}"#, #"{"split": "test"}"#), ("{}", #"{"split": {"holdout": 0.2}, "final": "second"}"#),
    ] {
      #expect(try validation(one).canonicalText == validation(other).canonicalText)
    }
    for (one, other) in [
      (#"{"split": "second"}"#, "{}"), ("{}", #"{"final": null}"#), ("{}", #"{"final": {"share": 0.2}}"#),
      (#"{"split": {"folds": 5}}"#, #"{"split": {"folds": 5}, "final": null}"#),
    ] {
      #expect(try validation(one).canonicalText != validation(other).canonicalText)
    }
  }

  /// The record of evaluations knows what was trained before there was a final part.
  @Test func keysOfTheRecordStayAsTheyWere() throws {
    func splitInKey(_ text: String) throws -> String? {
      let key = try validation(text).evaluationText(settings: [:], stream: 0, numerics: 3)
      return try json(key)["split"]?.canonicalText
    }
    for (text, key) in [
      (#"{"split": "second"}"#, #""test""#), (#"{"split": "test"}"#, #""test""#), ("{}", #"{"holdout":0.2}"#),
      (#"{"final": null}"#, #"{"holdout":0.2}"#), (#"{"split": {"folds": 5}}"#, #"{"folds":5}"#),
      (#"{"split": {"holdout": 0.2, "test": 0.3}}"#, #"{"holdout":0.2,"test":0.3}"#),
      (#"{"final": {"share": 0.3}}"#, #"{"holdout":0.2,"test":0.3}"#),
      (#"{"split": {"folds": 5}, "final": {"share": 0.3}}"#, #"{"folds":5,"test":0.3}"#),
      (#"{"split": "second", "final": {"share": 0.3}}"#, #"{"second":true,"test":0.3}"#),
    ] {
      #expect(try splitInKey(text) == key, "\(text)")
    }
  }

  /// A definition that was stored before there was a final part has none, and keeps its last share.
  @Test func storedDefinitionsMeanWhatTheyMeant() throws {
    for (stored, split, key) in [
      (#"{"split": "test", "repeats": 1}"#, SplitDefinition.test, #""test""#),
      (#"{"split": {"holdout": 0.2}, "repeats": 1}"#, .holdout(0.2, test: nil), #"{"holdout":0.2}"#),
      (#"{"split": {"folds": 5}, "repeats": 1}"#, .folds(5), #"{"folds":5}"#),
      (
        #"{"split": {"holdout": 0.2, "test": 0.1}, "repeats": 1}"#, .holdout(0.2, test: 0.1),
        #"{"holdout":0.2,"test":0.1}"#
      ),
    ] {
      var object = try #require(resolve(body()).json.objectValue)
      object["validation"] = try json(stored)
      let definition = try ResolvedDefinition(json: .object(object))
      #expect(definition.final == nil)
      #expect(definition.split == split)
      #expect(definition.trainingSplit.keyJSON.canonicalText == key)
    }
  }
}
