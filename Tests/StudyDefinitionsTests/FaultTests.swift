import JSONText
import StudyDefinitions
import Testing

/// What is changed in a valid definition, and where the faults are with a word that each sentence must have.
struct FaultCase: Sendable, CustomTestStringConvertible {
  var changes: String
  var faults: [(pointer: String, word: String)]
  var testDescription: String { changes }

  init(_ changes: String, _ faults: (String, String)...) {
    self.changes = changes
    self.faults = faults.map { (pointer: $0.0, word: $0.1) }
  }
}

@Suite struct FaultTests {
  static let top: [FaultCase] = [
    FaultCase(#"{"name": "A"}"#, ("/name", "1 to 64")),
    FaultCase(#"{"name": ""}"#, ("/name", "1 to 64")),
    FaultCase(#"{"name": 3}"#, ("/name", "string")),
    FaultCase(#"{"datset": "cats"}"#, ("/datset", "\"dataset\"")),
    FaultCase(#"{"dataset": null}"#, ("", "dataset is missing")),
    FaultCase(#"{"dataset": null, "datset": "cats"}"#, ("/datset", "\"dataset\"")),
    FaultCase(
      #"{"dataset": "cat"}"#,
      ("/dataset", "nearest known one is \"cats\"; registered: cats, lonely, rare, tried")),
    FaultCase(#"{"dataset": "tried"}"#, ("/dataset", "is a table of results")),
    FaultCase(#"{"dataset": ["cats"]}"#, ("/dataset", "string")),
    FaultCase(#"{"model": null}"#, ("", "model is missing")),
    FaultCase(#"{"model": "mlp"}"#, ("/model", "object")),
    FaultCase(#"{"model": {"kind": null}}"#, ("/model", "kind is missing")),
    FaultCase(#"{"model": {"kind": "mpl"}}"#, ("/model/kind", "\"mlp\"")),
    FaultCase(#"{"parameters": null}"#, ("", "parameters is missing")),
    FaultCase(#"{"parameters": []}"#, ("/parameters", "object")),
    FaultCase(#"{"parameters": [], "model": {"activations": ["relu"], "units_1": null}}"#, ("/parameters", "object")),
    FaultCase(#"{"parameters": {"learning_rate": null}}"#, ("/parameters", "1 to 64")),
    FaultCase(#"{"algorithm": "grid"}"#, ("/algorithm", "object")),
    FaultCase(#"{"algorithm": {"name": null}}"#, ("/algorithm", "name is missing")),
    FaultCase(#"{"algorithm": {"name": "gird"}}"#, ("/algorithm/name", "\"grid\"")),
    FaultCase(#"{"algorithm": {"restarts": 8}}"#, ("/algorithm/restarts", "Unknown key")),
    FaultCase(
      #"{"algorithm": {"name": "approximate_gradient", "restart": 8, "preset": "papre"}}"#,
      ("/algorithm/restart", "\"restarts\""), ("/algorithm/preset", "\"paper\"")),
    FaultCase(
      #"{"algorithm": {"name": "approximate_gradient", "preset": "paper", "poll": "complete", "restarts": 2}}"#,
      ("/algorithm/poll", "does not take poll")),
    FaultCase(
      #"{"algorithm": {"name": "approximate_gradient", "restarts": 0}}"#, ("/algorithm/restarts", "from 1 to")),
    FaultCase(#"{"seed": 0.5}"#, ("/seed", "an integer")),
    FaultCase(#"{"training_seed": "7"}"#, ("/training_seed", "an integer")),
    FaultCase(#"{"seed": 9007199254740992}"#, ("/seed", "an integer")),
    FaultCase(#"{"parallelism": 0}"#, ("/parallelism", "from 1 to 4096")),
    FaultCase(#"{"parallelism": 4097}"#, ("/parallelism", "from 1 to 4096")),
    FaultCase(#"{"max_running": 0}"#, ("/max_running", "at least 1")),
    FaultCase(#"{"notes": 1}"#, ("/notes", "string")),
    FaultCase(#"{"labels": "x"}"#, ("/labels", "object")),
    FaultCase(#"{"labels": {"a/b": 1}}"#, ("/labels/a~1b", "string")),
    FaultCase(#"{"labels": {"a": "b\u0000c"}}"#, ("/labels/a", "NUL")),
    FaultCase(#"{"labels": {"\u0000": "b"}}"#, ("/labels/\u{0}", "NUL")),
  ]

  static let objectives: [FaultCase] = [
    FaultCase(#"{"objective": 1}"#, ("/objective", "object")),
    FaultCase(#"{"objective": {"metric": "validation_acuracy"}}"#, ("/objective/metric", "\"validation_accuracy\"")),
    FaultCase(#"{"objective": {"metric": "validation_acc"}}"#, ("/objective/metric", "\"validation_accuracy\"")),
    FaultCase(#"{"objective": {"goal": "max"}}"#, ("/objective/goal", "\"maximize\"")),
    FaultCase(#"{"objective": {"tie_brake": "train_loss"}}"#, ("/objective/tie_brake", "\"tie_break\"")),
    FaultCase(#"{"objective": {"tie_break": 1}}"#, ("/objective/tie_break", "a loss's name, or a JSON object")),
    FaultCase(#"{"objective": {"tie_break": ["train_loss"]}}"#, ("/objective/tie_break", "but is a list")),
    FaultCase(#"{"objective": {"tie_break": "train_los"}}"#, ("/objective/tie_break", "\"train_loss\"")),
    FaultCase(
      #"{"objective": {"tie_break": "train_accuracy"}}"#,
      ("/objective/tie_break", "must be a loss")),
    FaultCase(#"{"objective": {"tie_break": {}}}"#, ("/objective/tie_break", "metric is missing")),
    FaultCase(#"{"objective": {"tie_break": {"metric": 1}}}"#, ("/objective/tie_break/metric", "string")),
    FaultCase(
      #"{"objective": {"tie_break": {"metric": "test_loss", "goal": "min"}}}"#,
      ("/objective/tie_break/metric", "metric \"test_loss\""), ("/objective/tie_break/goal", "\"minimize\"")),
    FaultCase(
      #"{"objective": {"tie_break": {"metrics": "train_loss"}}}"#, ("/objective/tie_break/metrics", "\"metric\"")),
    FaultCase(
      #"{"objective": {"tie_break": {"metric": "validation_accuracy"}}}"#,
      ("/objective/tie_break", "another metric than the objective's")),
    FaultCase(
      #"{"objective": {"metric": "validation_loss", "tie_break": "validation_loss"}}"#,
      ("/objective/tie_break", "another metric than the objective's")),
    FaultCase(#"{"budget": -1}"#, ("/budget", "object")),
    FaultCase(#"{"budget": {"trials": -1}}"#, ("/budget/trials", "at least 1")),
    FaultCase(#"{"budget": {"trials": 1.5}}"#, ("/budget/trials", "an integer")),
    FaultCase(#"{"budget": {"seconds": 0}}"#, ("/budget/seconds", "above 0")),
    FaultCase(#"{"budget": {"trails": 5}}"#, ("/budget/trails", "\"trials\"")),
    FaultCase(#"{"validation": "test"}"#, ("/validation", "object")),
    FaultCase(#"{"validation": {"split": "holdout"}}"#, ("/validation/split", "{\"holdout\": 0.2}")),
    FaultCase(#"{"validation": {"split": {}}}"#, ("/validation/split", "missing")),
    FaultCase(#"{"validation": {"split": {"fold": 5}}}"#, ("/validation/split/fold", "\"folds\"")),
    FaultCase(#"{"validation": {"split": {"holdout": 0}}}"#, ("/validation/split/holdout", "above 0 and below 1")),
    FaultCase(#"{"validation": {"split": {"holdout": 0.6, "test": 0.4}}}"#, ("/validation/split/test", "below 1")),
    FaultCase(#"{"validation": {"split": {"folds": 1}}}"#, ("/validation/split/folds", "from 2")),
    FaultCase(#"{"validation": {"split": {"folds": 73}}}"#, ("/validation/split/folds", "class yes")),
    FaultCase(
      #"{"validation": {"split": {"folds": 5, "holdout": 0.2}}}"#, ("/validation/split/holdout", "does not go")),
    FaultCase(#"{"validation": {"repeats": 0}}"#, ("/validation/repeats", "from 1")),
    FaultCase(#"{"dataset": "rare", "validation": {"split": "test"}}"#, ("/validation/split", "no second part")),
    FaultCase(#"{"dataset": "rare", "validation": {"split": "second"}}"#, ("/validation/split", "no second part")),
    FaultCase(#"{"validation": {"split": "second", "final": "second"}}"#, ("/validation/final", "must not have seen")),
    FaultCase(#"{"validation": {"split": "test", "final": "second"}}"#, ("/validation/final", "must not have seen")),
    FaultCase(#"{"dataset": "rare", "validation": {"final": "second"}}"#, ("/validation/final", "no second part")),
    FaultCase(#"{"validation": {"final": "last"}}"#, ("/validation/final", "final must be")),
    FaultCase(#"{"validation": {"final": {}}}"#, ("/validation/final", "share is missing")),
    FaultCase(#"{"validation": {"final": {"share": 1}}}"#, ("/validation/final/share", "above 0 and below 1")),
    FaultCase(#"{"validation": {"final": {"shore": 0.1}}}"#, ("/validation/final/shore", "\"share\"")),
    FaultCase(#"{"validation": {"final": {"share": 0.8}}}"#, ("/validation/final/share", "below 1 together")),
    FaultCase(#"{"validation": {"split": {"folds": 5, "test": 0.2}}}"#, ("/validation/split/test", "\"final\"")),
    FaultCase(
      #"{"validation": {"split": {"holdout": 0.2, "test": 0.2}, "final": {"share": 0.3}}}"#,
      ("/validation/final", "already")),
    FaultCase(
      #"{"validation": {"split": {"folds": 60}, "final": {"share": 0.2}}}"#, ("/validation/split/folds", "final share")),
    FaultCase(
      #"{"dataset": "rare", "validation": {"split": {"holdout": 0.2, "test": 0.2}}}"#,
      ("/validation/split/holdout", "class c of rare has 2 examples")),
    FaultCase(#"{"dataset": "lonely"}"#, ("/dataset", "class b of lonely has 1 example,")),
  ]

  static let reserved: [FaultCase] =
    ["priority", "objectives", "constraints"].map {
      FaultCase(#"{"\#($0)": []}"#, ("/\($0)", "not supported yet"))
    }
    + [
      FaultCase(#"{"confirm": []}"#, ("/confirm", "must be a JSON object")),
      FaultCase(#"{"confirm": {}}"#, ("/confirm", "trials is missing")),
      FaultCase(
        #"{"confirm": {"trials": 1, "confidence": 1, "rounds": 3}}"#, ("/confirm/trials", "must be"),
        ("/confirm/confidence", "must be"), ("/confirm/rounds", "rounds")),
      FaultCase(#"{"confirm": {"trials": 9}, "budget": {"seconds": 3}}"#, ("/budget", "budget.trials is missing")),
      FaultCase(
        #"{"confirm": {"trials": 9}, "budget": {"trials": 9}}"#, ("/confirm/trials", "smaller than budget.trials")),
      FaultCase(#"{"reuse": 1}"#, ("/reuse", "must be true or false, but is 1")),
      FaultCase(#"{"initial_points": {}}"#, ("/initial_points", "must be a list of points")),
      FaultCase(#"{"prior": {"study": "other"}}"#, ("/prior/study", "No study is named \"other\"")),
      FaultCase(#"{"prior": {}}"#, ("/prior", "study is missing")),
      FaultCase(#"{"prior": {"study": 3}}"#, ("/prior/study", "must be a string")),
      FaultCase(#"{"prior": 3}"#, ("/prior", "must be a list of points")),
      FaultCase(#"{"objective": {"target": "high"}}"#, ("/objective/target", "must be a number")),
      FaultCase(#"{"budget": {"cost": 5}}"#, ("/budget/cost", "not supported yet")),
      FaultCase(#"{"budget": {"stall_trials": 0}}"#, ("/budget/stall_trials", "at least 1")),
      FaultCase(#"{"budget": {"trial_seconds": 0}}"#, ("/budget/trial_seconds", "above 0")),
      FaultCase(#"{"retries": 0}"#, ("/retries", "from 1 to 100")),
      FaultCase(#"{"failure_limit": 1.5}"#, ("/failure_limit", "an integer")),
      FaultCase(
        #"{"parameters": {"learning_rate": {"when": {}}}}"#, ("/parameters/learning_rate/when", "not supported yet")),
    ]

  @Test(arguments: top + objectives + reserved) func faulty(_ example: FaultCase) throws {
    try check(example)
  }

  @Test func bodyMustBeAnObject() {
    #expect(faults([1]).map(\.pointer) == [""])
  }

  @Test func faultsComeTogetherInOrderOfTheBody() throws {
    let found = faults(
      try json(
        """
        {"budget": {"trials": -1}, "name": "A", "model": {"kind": "mlp", "units_1": 0},
         "parameters": {"learning_rate": {"type": "real", "values": [0.1, -1, 0.1]}}}
        """))
    #expect(
      found.map(\.pointer) == [
        "", "/budget/trials", "/name", "/model/units_1", "/parameters/learning_rate/values/1",
        "/parameters/learning_rate/values/2",
      ])
  }

  /// Where the kind is nearly one that is known, all that is wrong with it is reported too.
  @Test func aMisspelledKindHidesNoOtherFault() throws {
    let found = faults(
      try json(
        """
        {"dataset": "cats", "model": {"kind": "mpl", "units_1": 0, "dropuot": 0.5},
         "parameters": {"learning_rate": {"type": "real", "values": [-1]}, "momentun": {"type": "real", "values": [0.5]}},
         "algorithm": {"name": "grid"}}
        """))
    #expect(
      found.map(\.pointer) == [
        "/model/kind", "/model/units_1", "/model/dropuot", "/parameters/learning_rate/values/0", "/parameters/momentun",
      ])
    #expect(faults(try body(#"{"model": {"kind": "tree", "units_1": 0}}"#)).map(\.pointer) == ["/model/kind"])
  }

  /// Were their order found by search, this would not end.
  @Test func manyFaults() throws {
    let text = "{" + (0..<20_000).map { "\"k\($0)\": 0" }.joined(separator: ",") + "}"
    let found = faults(try json(text))
    #expect(found.count == 20_000 + 3)
    #expect(found.last?.pointer == "/k19999")
  }

  @Test func labelsAreBounded() throws {
    let labels = JSONObject((0..<65).map { ("l\($0)", JSONValue.string("")) })
    #expect(faults(try body().merging(["labels": .object(labels)])).map(\.pointer) == ["/labels"])
  }
}

/// Checks pointers in order, and that each sentence holds its word and is a sentence.
func check(_ example: FaultCase) throws {
  let found = faults(try body(example.changes))
  #expect(found.map(\.pointer) == example.faults.map(\.pointer), "\(found)")
  for (fault, expected) in zip(found, example.faults) {
    #expect(fault.detail.contains(expected.word), "\(fault.detail)")
    #expect(fault.detail.hasSuffix("."))
  }
}
