import Foundation
import HTTPMessages
import Testing

@testable import TuningAPI

@Suite struct StaticFilesTests {
  /// Runs with a folder that holds `style.css`, changed in 1994, and `new.js`, whose time is in the future.
  private func withFiles(_ body: (StaticFiles) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, seconds) in [("style.css", 784_111_777.0), ("new.js", 32_503_680_000)] {
      let path = folder.appendingPathComponent(name).path
      try Data("0123456789".utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
    }
    try body(StaticFiles(folder: folder.path, searched: []))
  }

  private func request(_ path: String, _ fields: [(String, String)] = [], method: String = "GET") -> HTTPRequest {
    HTTPRequest(method: method, target: path, path: path, headers: HTTPHeaders(fields))
  }

  @Test func filesCarryTheirValidators() throws {
    try withFiles { files in
      let response = try files.answer(request("/style.css"))
      #expect(response.status == 200 && response.body == Array("0123456789".utf8))
      #expect(response.headers["Last-Modified"] == "Sun, 06 Nov 1994 08:49:37 GMT")
      #expect(response.headers["Accept-Ranges"] == "bytes" && response.headers["ETag"]?.hasPrefix("\"") == true)
      #expect(response.headers["X-Content-Type-Options"] == "nosniff")
      let head = try files.answer(request("/style.css", method: "HEAD"))
      #expect(head.headers == response.headers && head.body == response.body)
      // No file was changed later than now.
      let new = try #require(try files.answer(request("/new.js")).headers["Last-Modified"])
      #expect(try #require(IMFFixdate.seconds(new)) <= Int(Date().timeIntervalSince1970))
    }
  }

  @Test func aPartIsServedWhileTheFileIsTheSame() throws {
    try withFiles { files in
      let tag = try #require(try files.answer(request("/style.css")).headers["ETag"])
      for (validator, status) in [(tag, 206), ("\"other\"", 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 206)] {
        let part = try files.answer(request("/style.css", [("Range", "bytes=2-4"), ("If-Range", validator)]))
        #expect(part.status == status, "\(validator)")
        #expect(part.body == Array((status == 206 ? "234" : "0123456789").utf8))
        #expect(part.headers["ETag"] == tag)
      }
      let beyond = try files.answer(request("/style.css", [("Range", "bytes=10-")]))
      #expect(beyond.status == 416 && beyond.headers["Content-Range"] == "bytes */10")
    }
  }

  @Test func whatLiesOutsideIsNotThere() throws {
    try withFiles { files in
      for path in ["/../style.css", "/.hidden", "/none.css", "/style.css/x", "/a\\b"] {
        let problem = #expect(throws: APIProblem.self) { try files.answer(request(path, [("Range", "bytes=0-1")])) }
        #expect(problem?.response.status == 404, "\(path)")
      }
    }
  }
}
