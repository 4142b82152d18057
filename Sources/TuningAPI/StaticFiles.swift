import Foundation
import HTTPMessages

/// The results page and its files.
struct StaticFiles: Sendable {
  private static let types = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8", "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon",
    "json": "application/json", "txt": "text/plain; charset=utf-8", "woff2": "font/woff2",
  ]
  /// The files that were read last, as they were then.
  private let read = FileCache()
  private let folder: String?
  private let searched: [String]
  /// Everything comes from the service itself; no inline script runs.
  private let security: [(String, String)]

  init(folder: String?, searched: [String], frameAncestors: String = "'none'") {
    security = [
      (
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; frame-ancestors \(frameAncestors); base-uri 'none'"
      ), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ]
    self.folder = folder.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    self.searched = searched
  }

  /// A file that was read before and has not changed; nil where there is more to do.
  func known(_ request: HTTPRequest) -> HTTPResponse? {
    guard folder != nil, request.onlyReads, request.method != "OPTIONS" else { return nil }
    return read.find(request.path).map { ByteRange.apply($0, for: request) }
  }

  func answer(_ request: HTTPRequest) throws(APIProblem) -> HTTPResponse {
    guard ["GET", "HEAD", "OPTIONS"].contains(request.method) else {
      throw .methodNotAllowed(request.method, allow: "GET, HEAD, OPTIONS")
    }
    guard let folder else {
      guard request.path == "/" else { throw .notFound("There is no \(request.path).") }
      let text =
        "Cairn is running; its API is at /v1 and described at /openapi.json.\n"
        + "The results page was not found. It was looked for in:\n" + searched.map { "  \($0)\n" }.joined()
      return HTTPResponse(
        status: 200, headers: HTTPHeaders([("Content-Type", "text/plain; charset=utf-8")]), body: Array(text.utf8))
    }
    let parts = request.path.split(separator: "/")
    guard !parts.contains(where: { $0.hasPrefix(".") || $0.contains("\0") || $0.contains("\\") }) else {
      throw .notFound("There is no \(request.path).")
    }
    let name = parts.isEmpty ? "index.html" : parts.joined(separator: "/")
    let path = URL(fileURLWithPath: folder + "/" + name).resolvingSymlinksInPath().path
    var isFolder: ObjCBool = false
    let stamp = FileCache.Stamp(ofFile: folder + "/" + name)
    guard path.hasPrefix(folder + "/"), FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      !isFolder.boolValue, let data = FileManager.default.contents(atPath: path)
    else { throw .notFound("There is no \(request.path).") }
    if request.method == "OPTIONS" {
      return HTTPResponse(status: 204, headers: HTTPHeaders([("Allow", "GET, HEAD, OPTIONS")]))
    }
    let bytes = Array(data)
    let ending = (path as NSString).pathExtension
    let type = Self.types[ending] ?? "application/octet-stream"
    var headers = HTTPHeaders([("Content-Type", type), ("Cache-Control", "no-cache"), ("ETag", EntityTag.of(bytes))])
    if let modified = Self.modified(path) { headers.append("Last-Modified", modified) }
    for (name, value) in security { headers.append(name, value) }
    let response = HTTPResponse(status: 200, headers: headers, body: bytes)
    if let stamp { read.keep(response, of: request.path, at: folder + "/" + name, stamp) }
    return ByteRange.apply(response, for: request)
  }

  /// When a file was changed last, never later than now (RFC 9110, section 8.8.2.1).
  private static func modified(_ path: String) -> String? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let date = attributes?[.modificationDate] as? Date else { return nil }
    let seconds = min(date.timeIntervalSince1970, Date().timeIntervalSince1970)
    return String(decoding: IMFFixdate.bytes(secondsSince1970: Int(max(0, seconds))), as: UTF8.self)
  }
}
