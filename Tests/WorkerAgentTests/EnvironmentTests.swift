import JSONText
import Testing

@testable import WorkerAgent

/// What a command finds in its environment.
@Suite struct EnvironmentTests {
  private let trial = Assignment(
    number: 7, attempt: 2, parameters: JSONObject([("lr", 1e-7), ("units_1", 5), ("kind", "a b"), ("flag", true)]),
    lease: "x", seed: "42")

  @Test func variables() {
    let paths = TrialPaths(scratch: "/s", parameters: "/p", result: "/r")
    let environment = CommandEnvironment(study: "st", slot: 3, device: ("CUDA_VISIBLE_DEVICES", "2"))
    let variables = environment.variables(
      of: trial, paths: paths,
      inherited: [
        "PATH": "/bin", "CAIRN_TOKEN": "secret", "CAIRN_PARAM_OLD": "1", "CAIRN_TRIAL": "1",
        "CUDA_VISIBLE_DEVICES": "0,1,2",
      ])
    #expect(
      variables == [
        "PATH": "/bin", "CAIRN_PARAM_LR": "1e-7", "CAIRN_PARAM_UNITS_1": "5", "CAIRN_PARAM_KIND": "a b",
        "CAIRN_PARAM_FLAG": "true", "CAIRN_STUDY": "st", "CAIRN_TRIAL": "7", "CAIRN_ATTEMPT": "2", "CAIRN_SEED": "42",
        "CAIRN_SLOT": "3", "CAIRN_PARAMETERS": "/p", "CAIRN_RESULT": "/r", "CAIRN_SCRATCH": "/s",
        "CUDA_VISIBLE_DEVICES": "2",
      ])
  }

  @Test func devices() throws {
    #expect(try CommandEnvironment.devices("D", slots: 3, inherited: nil) == ["0", "1", "2"])
    #expect(try CommandEnvironment.devices("D", slots: 2, inherited: "") == ["0", "1"])
    #expect(try CommandEnvironment.devices("D", slots: 2, inherited: "4, GPU-7,9") == ["4", "GPU-7", "9"])
    for wrong in ["4", "4,", ","] {
      #expect(throws: WorkerRefusal.self) { try CommandEnvironment.devices("D", slots: 2, inherited: wrong) }
    }
  }

  @Test func namesThatBecomeOne() {
    #expect(ParameterText.clash(in: ["lr", "momentum", "lr_2"]) == nil)
    #expect(ParameterText.clash(in: ["lr", "momentum", "LR"]).map { [$0.0, $0.1] } == ["LR", "lr"])
  }
}
