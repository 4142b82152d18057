import Testing

@testable import HTTPMessages

@Suite struct ByteRangeTests {
  private let time = "Sun, 06 Nov 1994 08:49:37 GMT"

  private func answer(_ fields: [(String, String)], method: String = "GET", body: String = "0123456789") -> HTTPResponse
  {
    let response = HTTPResponse(
      status: 200, headers: HTTPHeaders([("ETag", "\"a\""), ("Last-Modified", time)]), body: Array(body.utf8))
    let request = HTTPRequest(method: method, target: "/", path: "/", headers: HTTPHeaders(fields))
    return ByteRange.apply(response, for: request)
  }

  @Test func singleRanges() {
    for (field, part, shown) in [
      ("bytes=0-0", "0", "0-0"), ("bytes=2-4", "234", "2-4"), ("bytes=7-", "789", "7-9"), ("bytes=-3", "789", "7-9"),
      ("bytes=5-99999999999999999999", "56789", "5-9"), ("bytes=-11", "0123456789", "0-9"), ("Bytes=9-9", "9", "9-9"),
      ("bytes= 0-1 ", "01", "0-1"),
    ] {
      let response = answer([("Range", field)])
      #expect(response.status == 206 && response.headers["Content-Range"] == "bytes \(shown)/10", "\(field)")
      #expect(response.body == Array(part.utf8) && response.headers["ETag"] == "\"a\"")
    }
  }

  @Test func whatIsNoSingleRangeGetsTheWhole() {
    for field in [
      "", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=0-1,3-4", "bytes=a-b", "lines=1-2", "bytes=+1-2",
    ] {
      let response = answer([("Range", field)])
      #expect(response.status == 200 && response.body.count == 10, "\(field)")
      #expect(response.headers["Accept-Ranges"] == "bytes" && response.headers["Content-Range"] == nil)
    }
    #expect(answer([("Range", "bytes=0-1")], method: "HEAD").status == 200)
    #expect(answer([("Range", "bytes=0-1"), ("Range", "bytes=0-1")]).status == 200)
  }

  @Test func rangesBehindTheEndAre416() {
    for (field, body) in [
      ("bytes=10-", "0123456789"), ("bytes=99999999999999999999-", "0123456789"), ("bytes=-0", "0123456789"),
      ("bytes=0-", ""), ("bytes=-5", ""),
    ] {
      let response = answer([("Range", field)], body: body)
      #expect(response.status == 416 && response.headers["Content-Range"] == "bytes */\(body.utf8.count)", "\(field)")
    }
  }

  @Test func conditionsComeFirst() {
    for (name, value, status) in [
      ("If-Range", "\"a\"", 206), ("If-Range", "\"b\"", 200), ("If-Range", "W/\"a\"", 200), ("If-Range", time, 206),
      ("If-Range", "Sun, 06 Nov 1994 08:49:38 GMT", 200), ("If-None-Match", "\"b\"", 206),
      // The whole, which becomes 304.
      ("If-None-Match", "\"a\"", 200), ("If-Modified-Since", time, 200),
    ] {
      #expect(answer([("Range", "bytes=0-1"), (name, value)]).status == status, "\(name): \(value)")
    }
  }
}
