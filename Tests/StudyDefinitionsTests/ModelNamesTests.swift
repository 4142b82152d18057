import Foundation
import Testing

/// The rooms of spaces and definitions know no setting of a model by name: each model's description carries its own.
@Suite struct ModelNamesTests {
  @Test func noSettingIsNamed() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    let names = ["layers", "units", "activation", "learning_rate", "iterations", "batch_size", "optimizer"]
    var read = 0
    for room in ["SearchSpace", "StudyDefinitions"] {
      for file in try FileManager.default.contentsOfDirectory(atPath: sources.appendingPathComponent(room).path) {
        // The stored form of conditions on a number of layers is older than conditions.
        if file == "StoredCondition.swift" { continue }
        let text = try String(contentsOf: sources.appendingPathComponent("\(room)/\(file)"), encoding: .utf8)
        read += 1
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
          let code = line.split(separator: "//", omittingEmptySubsequences: false).first ?? ""
          for name in names where code.contains(name) {
            Issue.record("Sources/\(room)/\(file):\(index + 1) names \(name)")
          }
        }
      }
    }
    #expect(read > 30)
  }
}
