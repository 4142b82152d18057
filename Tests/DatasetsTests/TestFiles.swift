import Foundation
import Testing

@testable import Datasets

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/cairn-datasets-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> DatasetFile {
    let file = DatasetFile(path: path + "/" + name)
    try Data(bytes).write(to: URL(fileURLWithPath: file.path))
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> DatasetFile { try write(name, Array(text.utf8)) }
}

enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  /// A file of `Tests/Fixtures/datasets`.
  static func file(_ name: String) -> DatasetFile {
    DatasetFile(path: folder.appendingPathComponent("datasets/\(name)").path)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name).path)))
  }
}

/// The real data, which a clone need not have: `CAIRN_TEST_DATA`, else `../shared/data` beside the checkout.
enum RealData {
  static let folder: String = {
    if let given = ProcessInfo.processInfo.environment["CAIRN_TEST_DATA"] { return given }
    let checkout = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
    return checkout.deletingLastPathComponent().appendingPathComponent("shared/data").path
  }()

  static let missing: Comment = "Needs the real data: the folder of CAIRN_TEST_DATA, or ../shared/data."
  static let hasCats = has(["train_catvnoncat.h5", "test_catvnoncat.h5"])
  static let hasMNIST = has(["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"])

  static func file(_ name: String) -> DatasetFile { DatasetFile(path: folder + "/" + name) }

  private static func has(_ names: [String]) -> Bool {
    names.allSatisfy { FileManager.default.fileExists(atPath: folder + "/" + $0) }
  }
}

/// Expects a fault of a kind whose message holds every given piece and is one sentence.
func expectFault(
  _ kind: DatasetError.Kind, saying pieces: [String] = [], sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  do {
    try body()
    Issue.record("No fault was thrown", sourceLocation: sourceLocation)
  } catch let error as DatasetError {
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    for piece in pieces {
      #expect(error.message.contains(piece), "\(error) lacks \(piece)", sourceLocation: sourceLocation)
    }
    #expect(error.message.hasSuffix("."), sourceLocation: sourceLocation)
  } catch {
    Issue.record("Another error: \(error)", sourceLocation: sourceLocation)
  }
}
