import Testing

@testable import HTTPMessages

@Suite struct ContentNegotiationTests {
  private let large = [UInt8](repeating: 97, count: 1025)

  private func get(_ fields: [(String, String)], method: String = "GET") -> HTTPRequest {
    HTTPRequest(method: method, target: "/", path: "/", headers: HTTPHeaders(fields))
  }

  private func response(
    _ type: String = "application/json", _ fields: [(String, String)] = [], status: Int = 200, body: [UInt8]? = nil
  ) -> HTTPResponse {
    HTTPResponse(status: status, headers: HTTPHeaders([("Content-Type", type)] + fields), body: body ?? large)
  }

  /// Takes the place of gzip: shows that it was called, and on what.
  private func finish(_ response: HTTPResponse, _ request: HTTPRequest) async -> HTTPResponse {
    await ContentNegotiation.finish(response, for: request) { Array("gzip of \($0.count)".utf8) }
  }

  @Test func weightsAreHonoured() {
    for (field, expected) in [
      ("gzip", true), ("GZip", true), ("x-gzip", true), ("deflate, gzip;q=1.0, *;q=0.5", true), ("*", true),
      ("gzip;q=0.001", true), ("gzip ; q=0.5", true), ("br, gzip", true), ("gzip;q=0.5, identity;q=0.5", true),
      ("", false), ("br", false), ("identity", false), ("gzip;q=0", false), ("gzip;q=0.000", false),
      ("*;q=0", false), ("gzip;q=0, *", false), ("gzip;q=0.5, identity", false), ("gzip;q=0.2, *;q=0.8", false),
      ("gzip;q=2", false), ("gzip;q=x", false), ("gzip;q=0.1234", false), ("gzip;level=9", false),
    ] {
      #expect(AcceptEncoding(HTTPHeaders([("Accept-Encoding", field)])).prefersGzip == expected, "\(field)")
    }
    #expect(!AcceptEncoding(HTTPHeaders()).prefersGzip)
    #expect(AcceptEncoding(HTTPHeaders([("Accept-Encoding", "br"), ("Accept-Encoding", "gzip")])).prefersGzip)
  }

  @Test func compressesWhatPays() async {
    let request = get([("Accept-Encoding", "gzip")])
    for (given, compresses, varies) in [
      (response(), true, true), (response("text/html; charset=utf-8"), true, true),
      (response("application/problem+json", status: 422), true, true), (response("image/svg+xml"), true, true),
      (response(body: Array(large.dropFirst())), false, false), (response("image/png"), false, false),
      (response("text/event-stream"), false, false), (response(status: 204), false, true),
      (response(status: 206), false, true), (response("text/css", [("Content-Encoding", "br")]), false, false),
      (response("text/css", [("Cache-Control", "no-transform")]), false, true),
    ] {
      let answer = await finish(given, request)
      #expect((answer.headers["Content-Encoding"] == "gzip") == compresses, "\(given.headers)")
      #expect(answer.body == (compresses ? Array("gzip of \(large.count)".utf8) : given.body))
      #expect((answer.headers["Vary"] == "Accept-Encoding") == varies, "\(given.headers)")
    }
    let plain = await finish(response(), get([]))
    #expect(plain.body == large && plain.headers["Vary"] == "Accept-Encoding")
    let head = await finish(response(), get([("Accept-Encoding", "gzip")], method: "HEAD"))
    #expect(head.body == Array("gzip of 1025".utf8))
  }

  @Test func streamsAreLeftAlone() async {
    let stream = HTTPResponse(
      status: 200, headers: HTTPHeaders([("Content-Type", "text/csv")]), stream: HTTPBodyStream { _ in })
    let answer = await finish(stream, get([("Accept-Encoding", "gzip")]))
    #expect(answer.stream != nil && answer.headers == stream.headers)
  }

  @Test func varyIsAddedOnce() async {
    for (given, expected) in [
      ("Cookie", "Cookie, Accept-Encoding"), ("accept-encoding", "accept-encoding"), ("*", "*"),
      ("Cookie, Accept-Encoding", "Cookie, Accept-Encoding"),
    ] {
      #expect(await finish(response("text/css", [("Vary", given)]), get([])).headers["Vary"] == expected)
    }
  }

  @Test func eachCodingHasItsTagAndEitherIsKnown() async {
    for (tag, plain, compressed) in [("\"a,b\"", "\"a,b\"", "W/\"a,b\""), ("W/\"s-1\"", "W/\"s-1\"", "W/\"s-1\"")] {
      let given = response("application/json", [("ETag", tag), ("Cache-Control", "no-cache")])
      for (accepts, expected) in [("identity", plain), ("gzip", compressed)] {
        let fresh = await finish(given, get([("Accept-Encoding", accepts), ("If-None-Match", "\"other\"")]))
        #expect(fresh.status == 200 && fresh.headers["ETag"] == expected)
        for known in [plain, compressed, "\"x\", \(plain)", "*", "W/\"y,z\",\(compressed)"] {
          let answer = await finish(given, get([("Accept-Encoding", accepts), ("If-None-Match", known)]))
          #expect(answer.status == 304 && answer.body.isEmpty, "\(known)")
          #expect(answer.headers["ETag"] == expected && answer.headers["Vary"] == "Accept-Encoding")
          #expect(answer.headers["Cache-Control"] == "no-cache" && answer.headers["Content-Type"] == nil)
          #expect(answer.headers["Content-Encoding"] == nil)
        }
      }
      let post = await finish(given, get([("If-None-Match", tag)], method: "POST"))
      #expect(post.status == 200)
    }
  }

  @Test func timesCountWhereNoTagIsNamed() async {
    let time = "Sun, 06 Nov 1994 08:49:37 GMT"
    let given = response("text/css", [("Last-Modified", time), ("ETag", "\"a\"")])
    for (fields, status) in [
      ([("If-Modified-Since", time)], 304), ([("If-Modified-Since", "Sun, 06 Nov 1994 08:49:38 GMT")], 304),
      ([("If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT")], 200), ([("If-Modified-Since", "soon")], 200),
      ([("If-Modified-Since", time), ("If-None-Match", "\"b\"")], 200),
    ] {
      #expect(await finish(given, get(fields)).status == status, "\(fields)")
    }
  }

  @Test func datesAreReadBack() {
    for seconds in stride(from: 0, to: 200_000_000_000, by: 86_400_007) {
      let text = String(decoding: IMFFixdate.bytes(secondsSince1970: seconds), as: UTF8.self)
      #expect(IMFFixdate.seconds(text) == seconds)
    }
    for text in [
      "", "Sun, 06 Nov 1994 08:49:37 UTC", "Mon, 06 Nov 1994 08:49:37 GMT", "Wed, 31 Feb 1990 00:00:00 GMT",
      "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
      "Fri, 31 Dec 1965 23:59:59 GMT",
    ] {
      #expect(IMFFixdate.seconds(text) == nil, "\(text)")
    }
  }

  @Test(
    arguments: [
      ([], true), ([""], true), (["application/json"], true), (["*/*"], true), (["application/*;q=0.1"], true),
      (["text/html"], false), (["application/json;q=0, */*"], false), (["*/*;q=0, application/json"], true),
      (["text/html", "*/*;q=0.1"], true), (["application/*;q=0, */*"], false), (["APPLICATION/JSON ; q=1"], true),
      (["application/*;q=0", "application/json"], true), (["nonsense"], false), ([",,"], false),
    ] as [([String], Bool)])
  func theMostSpecificRangeDecides(_ fields: [String], _ isAccepted: Bool) {
    let request = HTTPRequest(
      method: "GET", target: "/", path: "/", headers: HTTPHeaders(fields.map { ("Accept", $0) }))
    #expect(ContentNegotiation.accepts(request, "application/json") == isAccepted, "\(fields)")
  }
}
