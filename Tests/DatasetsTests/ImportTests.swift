import Foundation
import Testing

@testable import Datasets

/// What is remembered of imports that are not done.
@Suite struct ImportTests {
  @Test func importsOutliveTheService() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    var first = DatasetImport(
      name: "a", format: "csv", scaling: "none",
      sources: [.url("https://h/x.csv?key=secret", sha256: "ab"), .file(path: "/d/y.csv", name: "y.csv")])
    #expect(first.sources.map(\.name) == ["https://h/x.csv", "y.csv"])
    let shelf = try DatasetShelf(folder: folder.path)
    try shelf.keep(first)
    first.state = .failed
    first.detail = "why"
    first.starts = 2
    try shelf.keep(first)
    let second = DatasetImport(name: "b", format: "idx", scaling: "standard", sources: [])
    try shelf.keep(second)
    _ = try shelf.stage()
    let again = try DatasetShelf(folder: folder.path)
    #expect(again.unfinishedImports() == [first, second])
    #expect(!first.isSame(as: second))
    try again.forgetImport("a")
    try again.forgetImport("none")
    #expect(again.unfinishedImports() == [second])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/incoming").isEmpty)
  }
}
