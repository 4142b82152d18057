import JSONText
import StudyDefinitions
import Testing

@Suite struct ParameterFaultTests {
  private static func tuned(_ name: String, _ value: String, _ faults: (String, String)...) -> FaultCase {
    var example = FaultCase(#"{"parameters": {"\#(name)": \#(value)}}"#)
    example.faults = faults.map { (pointer: "/parameters/\(name)\($0.0)", word: $0.1) }
    return example
  }

  static let values: [FaultCase] = [
    tuned("iteratons", #"{"type": "integer", "min": 1, "max": 2}"#, ("", "\"iterations\"")),
    tuned("1st", #"{"type": "integer", "min": 1, "max": 2}"#, ("", "no digit first")),
    tuned("precision", #"{"type": "categorical", "values": ["float32"]}"#, ("", "cannot be tuned")),
    tuned("iterations", "5", ("", "object")),
    tuned("iterations", "{}", ("", "type is missing")),
    tuned("iterations", #"{"type": "int"}"#, ("/type", "\"integer\"")),
    tuned("iterations", #"{"type": "real", "values": [5]}"#, ("/type", "of type integer")),
    tuned("optimizer", #"{"type": "integer", "values": [5]}"#, ("/type", "of type categorical")),
    tuned("iterations", #"{"type": "integer"}"#, ("", "give values, or min and max")),
    tuned("iterations", #"{"type": "integer", "value": [5]}"#, ("/value", "\"values\"")),
    tuned("iterations", #"{"type": "integer", "values": 5}"#, ("/values", "a list")),
    tuned("iterations", #"{"type": "integer", "values": []}"#, ("/values", "at least 1")),
    tuned(
      "iterations", #"{"type": "integer", "values": [5, 0, 1.5, "x", null]}"#,
      ("/values/1", "is 0"), ("/values/2", "is 1.5"), ("/values/3", "is \"x\""), ("/values/4", "is null")),
    tuned(
      "iterations", #"{"type": "integer", "values": [5, 7, 5.0, 5e0]}"#,
      ("/values/2", "twice"), ("/values/3", "(indexes 0 and 3)")),
    tuned(
      "optimizer", #"{"type": "categorical", "values": ["adm", "adam", "adam"]}"#,
      ("/values/0", "the nearest known one is \"adam\""), ("/values/2", "twice")),
    tuned("dropout", #"{"type": "real", "values": [0, 1]}"#, ("/values/1", "below 1")),
    tuned("dropout", #"{"type": "real", "values": [-0.0, 0]}"#, ("/values/1", "twice")),
    tuned("batch_size", #"{"type": "categorical", "values": [32, "x"]}"#, ("/values/1", "an integer")),
    tuned("optimizer", #"{"type": "categorical", "min": 1, "max": 2}"#, ("", "values is missing")),
    tuned("layers", #"{"type": "categorical", "values": [1]}"#, ("/type", "of type integer")),
    tuned(
      "iterations", #"{"type": "integer", "values": [5], "min": 1, "points": 3}"#,
      ("/min", "does not go with values"), ("/points", "does not go with values")),
  ]

  static let ranges: [FaultCase] = [
    tuned("iterations", #"{"type": "integer", "min": 1}"#, ("", "max is missing")),
    tuned("iterations", #"{"type": "integer", "min": 5, "max": 5}"#, ("/max", "above min")),
    tuned("iterations", #"{"type": "integer", "min": 0, "max": 5}"#, ("/min", "from 1")),
    tuned("iterations", #"{"type": "integer", "min": 1, "max": 5, "scale": "logarithmic"}"#, ("/scale", "\"log\"")),
    tuned("iterations", #"{"type": "integer", "min": 1, "max": 5, "points": 1}"#, ("/points", "from 2 to 10000")),
    tuned("batch_size", #"{"type": "integer", "min": 0, "max": 5, "scale": "log"}"#, ("/min", "above 0")),
    tuned("weight_decay", #"{"type": "real", "min": 0.1, "max": 1}"#, ("", "points is missing")),
    tuned("dropout", #"{"type": "real", "min": 0, "max": 1, "points": 3}"#, ("/max", "below 1")),
  ]

  static let layers: [FaultCase] = [
    FaultCase(#"{"model": {"units_1": null}}"#, ("/model", "number of hidden layers")),
    FaultCase(#"{"model": {"units_1": 0}}"#, ("/model/units_1", "from 1")),
    FaultCase(#"{"model": {"unit_1": 5, "units_1": null}}"#, ("/model/unit_1", "\"units_1\"")),
    FaultCase(#"{"model": {"units_9": 5}}"#, ("/model/units_9", "nearest known one is \"units_")),
    FaultCase(#"{"model": {"units_3": 5}}"#, ("/model", "units_2 is missing")),
    FaultCase(#"{"model": {"layers": 9}}"#, ("/model/layers", "from 0 to 8")),
    FaultCase(#"{"model": {"layers": 2}}"#, ("/model", "units_2 is missing")),
    FaultCase(
      #"{"model": {"layers": 2, "units_2": 3, "activations": ["relu", "relu", "tanh"]}}"#,
      ("/model/activations", "list of 3, but layers says 2 hidden layers")),
    FaultCase(#"{"model": {"activations": ["relu"], "units_2": 3}}"#, ("/model/units_2", "only 1 hidden layer")),
    FaultCase(
      #"{"model": {"layers": 1}, "parameters": {"activation_2": {"type": "categorical", "values": ["relu"]}}}"#,
      ("/parameters/activation_2", "hidden layer 2")),
    FaultCase(#"{"model": {"activations": ["rleu"]}}"#, ("/model/activations/0", "\"relu\"")),
    FaultCase(#"{"model": {"activations": 3}}"#, ("/model/activations", "or a list")),
    FaultCase(
      #"{"model": {"activations": ["relu","relu","relu","relu","relu","relu","relu","relu","relu"]}}"#,
      ("/model/activations", "at most 8")),
    FaultCase(#"{"model": {"activations": "relu", "activation": "tanh"}}"#, ("/model/activation", "same thing")),
    FaultCase(#"{"model": {"activations": "relu", "activation_1": "tanh"}}"#, ("/model/activation_1", "exclude")),
    FaultCase(
      #"{"model": {"activations": "relu"}, "parameters": {"activation": {"type":"categorical", "values": ["relu"]}}}"#,
      ("/parameters/activation", "activations in model fixes it")),
    FaultCase(
      #"{"model": {"activation_1": "relu"}, "parameters": {"activation": {"type":"categorical","values": ["relu"]}}}"#,
      ("/model/activation_1", "exclude")),
    FaultCase(#"{"model": {"learning_rate": 1}}"#, ("/parameters/learning_rate", "keep one of them")),
    FaultCase(
      #"{"parameters": {"layers": {"type": "integer", "min": 1, "max": 2}}, "model": {"activations": ["relu"]}}"#,
      ("/model", "units_2 is missing"), ("/model/activations", "list of 1")),
  ]

  @Test(arguments: values + ranges + layers) func faulty(_ example: FaultCase) throws { try check(example) }

  @Test func countsAreBounded() throws {
    let many = JSONObject((0..<65).map { ("p\($0)", JSONValue.number(1)) })
    #expect(faults(try body().merging(["parameters": .object(many)])).first?.pointer == "/parameters")
    let values = JSONValue.array((0...10_000).map { .number(Double($0 + 1)) })
    let parameter: JSONValue = ["parameters": ["iterations": ["type": "integer", "values": values]]]
    #expect(faults(try body().merging(parameter)).map(\.pointer) == ["/parameters/iterations/values"])
  }

  @Test func largeGridNeedsABudget() throws {
    let range = #"{"parameters": {"iterations": {"type": "integer", "min": 1, "max": 500001}}"#
    let found = faults(try body(range + "}"))
    #expect(found.map(\.pointer) == [""])
    #expect(found.first?.detail.contains("1000002 points") == true)
    #expect(faults(try body(range + #", "budget": {}}"#)).map(\.pointer) == ["/budget"])
    #expect(faults(try body(range + #", "budget": {"trials": 5}}"#)).isEmpty)
    #expect(faults(try body(range + #", "budget": {"seconds": 5}}"#)).isEmpty)
    #expect(faults(try body(range + #", "algorithm": {"name": "random"}}"#)).isEmpty)
  }

  @Test func largestPointMustFit() throws {
    // 4 GiB / (12,288 features · 4 bytes) = 87,381 units
    #expect(faults(try body(#"{"model": {"units_1": 87381}}"#)).isEmpty)
    let found = faults(try body(#"{"model": {"units_1": 87382}}"#))
    #expect(found.map(\.pointer) == ["/parameters"])
    #expect(found.first?.detail.contains("4 GiB of --trial-memory") == true)
    let tuned = #"{"model": {"units_1": 50000}, "parameters": {"units_2": {"type": "integer", "values": [1, 50000]}}}"#
    #expect(faults(try body(tuned)).map(\.pointer) == ["/parameters"])
  }
}
