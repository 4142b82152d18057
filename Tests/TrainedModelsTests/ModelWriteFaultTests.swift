import Foundation
import Studies
import Testing

@testable import TrainedModels

/// What the disk refuses.
@Suite struct ModelWriteFaultTests {
  @Test func saysInPlainWordsWhatCannotBeWritten() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString)")
    try Data("a file, not a folder".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let folder = ModelFolder(folder: file.path)
    let fault = #expect(throws: ModelWriteFault.self) {
      try folder.keep(ModelFileTests.model(), as: ModelKey(study: UUID(), number: 1))
    }
    #expect(fault?.description == "its file could not be written (Not a directory)")
    #expect(ModelWriteFault(code: ENOSPC).description == "its file could not be written (No space left on device)")
  }
}
