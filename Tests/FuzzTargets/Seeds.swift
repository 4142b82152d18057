import Compression
import Foundation

/// Inputs to begin with: well-formed ones, and every one that once failed.
public enum Seeds {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  /// The inputs of a target.
  public static func of(_ target: String) -> [[UInt8]] {
    (wellFormed[target] ?? []) + (target == "hdf5" ? files("datasets") { $0.hasSuffix(".h5") } : []) + failures(target)
  }

  /// What once failed: `Tests/Fixtures/fuzzing/TARGET-…`.
  public static func failures(_ target: String) -> [[UInt8]] { files("fuzzing") { $0.hasPrefix(target + "-") } }

  private static func files(_ folder: String, _ isWanted: (String) -> Bool) -> [[UInt8]] {
    let place = fixtures.appendingPathComponent(folder)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []).filter(isWanted).sorted()
    return names.compactMap { try? [UInt8](Data(contentsOf: place.appendingPathComponent($0))) }
  }

  /// Two files in one input: the first one's length in two bytes, then both.
  private static func pair(_ first: [UInt8], _ second: [UInt8] = []) -> [UInt8] {
    [UInt8(first.count >> 8), UInt8(first.count & 255)] + first + second
  }

  private static let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]
  private static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 0, 1]

  private static let wellFormed: [String: [[UInt8]]] = [
    "request": [
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST /v1/studies?a=b%20c HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 2\r\n\r\n{}",
      "\r\nPATCH http://h/p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n0\r\n\r\n",
      "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\nIf-None-Match: W/\"a\", \"b\"\r\nRange: bytes=0-1,-5\r\n\r\n",
    ].map { Array($0.utf8) },
    "chunked": ["0\r\n\r\n", "5;a=\"b\"\r\nhello\r\n0\r\nTrailer: x\r\n\r\nGET", "a\r\n0123456789\r\n00\r\n\r\n"].map {
      Array($0.utf8)
    },
    "json": [
      #"{"a": [1, -2.5e-3, true, false, null, "\u00e4\ud83d\ude00\n"], "b": {"c": {}}}"#, "[[[[]]]]", "1e308",
      #""\\\"""#,
      "0.1", "123456789012345678901234567890",
    ].map { Array($0.utf8) },
    "multipart": [
      "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n--b--\r\n",
      "pre\r\n--b\r\nContent-Disposition: form-data; name=f; filename=\"x\\\"y.csv\"\r\nX: y\r\n\r\n\r\n--\r\n--b\r\n"
        + "content-disposition: form-data;name=\"g\"\r\n\r\n\r\n--b--",
    ].map { Array($0.utf8) },
    "gzip": [Gzip.deflate(Array("hello hello hello".utf8)), Gzip.deflate([]) + Gzip.deflate([1, 2, 3])],
    "csv": [
      pair(Array("a,b,label\n1,2,x\n3,4.5e1,y\n".utf8)),
      pair(
        Array("\"a\",\"b\"\"c\",label\r\n-1,+2,\"x\"\r\n3,4,y".utf8), Array("\"a\",\"b\"\"c\",label\r\n1,1,y\r\n".utf8)),
      pair([0xEF, 0xBB, 0xBF] + Array("label,a\n0,1\n1,1\n".utf8)),
    ],
    "results": [
      "a,b,loss\n1,x,0.5\n1,x,0.25\n2,,1e-3\n", "\"a\"\"b\",loss\r\n-0,\"1\"\r\n0.10,nan", "a,b\n1,2\n3,4\n\n",
    ].map { Array($0.utf8) },
    "idx": [pair(images, labels), pair(Gzip.deflate(images), Gzip.deflate(labels))],
  ]
}
