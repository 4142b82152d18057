import SearchSpace
import Testing

@Suite struct RepeatedSettingsTests {
  private let stages = RepeatedSettings(
    count: "stages", block: "stage", settings: [.init(stem: "width"), .init(stem: "gate", list: "gates")])

  @Test func namesBelongToBlocks() {
    #expect(stages.block(of: "width_3") == 3 && stages.block(of: "gate_12") == 12)
    for name in ["width", "width_", "width_0", "width_03", "width_+3", "width_x", "depth_1", "gates_1", "stages"] {
      #expect(stages.block(of: name) == nil, "\(name)")
    }
    #expect(["stages", "gate", "gate_1", "width_9"].allSatisfy(stages.owns))
    #expect(!stages.owns("width") && !stages.owns("gates") && !stages.owns("rate"))
  }

  @Test func everyBlockHasItsOwn() {
    let settings: [String: ParameterValue] = [
      "stages": .integer(2), "width_1": .integer(5), "width_2": .integer(6), "width_3": .integer(7),
      "gate": .string("open"), "gate_2": .string("shut"), "rate": .real(0.1),
    ]
    #expect(
      stages.expanded(settings) == [
        "stages": .integer(2), "width_1": .integer(5), "width_2": .integer(6), "gate_1": .string("open"),
        "gate_2": .string("shut"), "rate": .real(0.1),
      ])
  }

  @Test func noBlocksHaveNothing() {
    let settings: [String: ParameterValue] = ["stages": .integer(0), "gate": .string("open"), "width_1": .integer(5)]
    #expect(stages.expanded(settings) == ["stages": .integer(0)])
    #expect(stages.expanded(["gate": .string("open")]) == ["gate": .string("open")], "the blocks are not counted")
  }
}
