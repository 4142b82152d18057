import JSONText
import SearchSpace
import Testing

@testable import StudyDefinitions

/// The parameter whose levels are the rungs of successive halving.
@Suite struct ResourceTests {
  private static let hyperband = #""algorithm": {"name": "hyperband"}"#
  private static let tuned = #""parameters": {"iterations": {"type": "integer", "values": [10, 30, 90]}}"#

  @Test func iterationsByThemselves() throws {
    let wanted: [String: ParameterValue] = ["resource": .string("iterations"), "eta": .integer(3)]
    let definition = try resolve(body("{\(Self.hyperband), \(Self.tuned)}"))
    #expect(definition.algorithmOptions == wanted && definition.budget == Budget(trials: 100))
    #expect(try ResolvedDefinition(json: json(definition.json.text)) == definition)
    let told = try resolve(body(#"{"algorithm": {"name": "hyperband", "resource": "iterations"}, \#(Self.tuned)}"#))
    #expect(told.canonicalText == definition.canonicalText)
  }

  @Test func anyOtherNumber() throws {
    let definition = try resolve(
      body(#"{"algorithm": {"name": "successive_halving", "resource": "learning_rate", "eta": 2}}"#))
    #expect(definition.algorithmOptions == ["resource": .string("learning_rate"), "eta": .integer(2)])
  }

  static let cases: [FaultCase] = [
    FaultCase("{\(hyperband)}", ("/algorithm", "needs iterations among the parameters")),
    FaultCase(
      #"{\#(hyperband), "parameters": {"iterations": {"type": "integer", "values": [5]}}}"#,
      ("/algorithm", "iterations has one")),
    FaultCase(
      #"{\#(hyperband), "parameters": {"iterations": {"type": "categorical", "values": [5, 6]}}}"#,
      ("/algorithm", "a category")),
    FaultCase(
      #"{"algorithm": {"name": "hyperband", "resource": "learning_rat"}}"#,
      ("/algorithm/resource", #"Unknown parameter "learning_rat"; the nearest known one is "learning_rate""#)),
    FaultCase(
      #"{"algorithm": {"name": "hyperband", "resource": "iterations"}}"#, ("/algorithm/resource", "Unknown parameter")),
    FaultCase(#"{"algorithm": {"name": "hyperband", "resource": 3}}"#, ("/algorithm/resource", "the name of a tuned")),
    FaultCase(#"{"algorithm": {"name": "hyperband", "eta": 1}}"#, ("/algorithm/eta", "from 2 to 1000")),
    FaultCase(
      #"{"algorithm": {"name": "hyperband", "resource": "dropout"}, "parameters": {"dropout": {"type": "real", "min": 0, "max": 0.5}}}"#,
      ("/algorithm/resource", "a range without")),
    FaultCase(
      #"{"algorithm": {"name": "hyperband", "resource": "layers"}, "parameters": {"layers": {"type": "integer", "values": [1, 2]}, "units_2": {"type": "integer", "values": [1, 2]}}}"#,
      ("/algorithm/resource", "may not decide")),
  ]

  @Test(arguments: cases) func faultsAreTold(_ example: FaultCase) throws {
    let found = try faults(body(example.changes))
    for fault in example.faults {
      #expect(found.contains { $0.pointer == fault.pointer && $0.detail.contains(fault.word) }, "\(found)")
    }
  }
}
