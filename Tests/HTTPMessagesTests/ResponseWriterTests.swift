import Foundation
import Testing

@testable import HTTPMessages

@Suite struct ResponseWriterTests {
  private let date = Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8)

  private func head(_ response: HTTPResponse, _ framing: ResponseFraming = ResponseFraming()) -> String {
    String(decoding: ResponseWriter.head(response, framing, date: date), as: UTF8.self)
  }

  @Test func headIsWrittenInFull() {
    let response = HTTPResponse(status: 201, headers: HTTPHeaders([("X", "é")]), body: [1, 2, 3])
    #expect(
      head(response)
        == "HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: é\r\nContent-Length: 3\r\n\r\n")
    #expect(head(response, ResponseFraming(keepsAlive: false)).hasSuffix("\r\nConnection: close\r\n\r\n"))
    #expect(head(response, ResponseFraming(minorVersion: 0)).hasSuffix("\r\nConnection: keep-alive\r\n\r\n"))
  }

  @Test func handlerCannotSplitTheResponseOrFrameIt() {
    let headers = HTTPHeaders([
      ("X", "a\r\nSet-Cookie: b\0"), ("Bad\r\nName", "v"), ("", "v"), ("content-length", "9"), ("DATE", "x"),
      ("Connection", "upgrade"), ("Transfer-Encoding", "chunked"),
    ])
    #expect(
      head(HTTPResponse(status: 200, headers: headers))
        == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: a  Set-Cookie: b \r\nContent-Length: 0\r\n\r\n"
    )
  }

  @Test func bodiesAndLengthsByStatusAndMethod() {
    for (status, isHead, body, sendsLength, sendsBody) in [
      (200, false, 3, true, true), (200, true, 3, true, false), (204, false, 3, false, false),
      (304, false, 3, true, false), (304, false, 0, false, false), (404, true, 0, true, false),
    ] {
      let response = HTTPResponse(status: status, body: [UInt8](repeating: 65, count: body))
      let framing = ResponseFraming(isHead: isHead)
      #expect(head(response, framing).contains("Content-Length: \(body)\r\n") == sendsLength)
      #expect(ResponseWriter.sendsBody(response, framing) == sendsBody)
    }
  }

  @Test func faultIsAProblemDocument() throws {
    let response = MessageFault(414, "a \"quoted\\ \n one").response
    #expect(response.headers["content-type"] == "application/problem+json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
    #expect(object["detail"] as? String == "a \"quoted\\ \n one")
    #expect(object["status"] as? Int == 414)
    #expect(object["title"] as? String == "URI Too Long")
    #expect(object["type"] as? String == "about:blank")
  }

  @Test func datesAgreeWithFoundation() {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    #expect(IMFFixdate.bytes(secondsSince1970: 784_111_777) == date)
    // A step with no divisor in common with a day or a week, over leap years and centuries.
    for seconds in stride(from: 0, to: 20_000_000_000, by: 8_640_007) {
      let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
      #expect(String(decoding: IMFFixdate.bytes(secondsSince1970: seconds), as: UTF8.self) == expected)
    }
  }
}
