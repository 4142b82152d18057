@testable import HTTPMessages

/// Bad requests, each with the status that it must get, and what it shows.
struct BadRequest: CustomStringConvertible {
  let status: Int
  let text: String
  let description: String

  init(_ status: Int, _ text: String, _ description: String) {
    (self.status, self.text, self.description) = (status, text, description)
  }

  private static let get = "GET / HTTP/1.1\r\nHost: a\r\n"
  private static let post = "POST / HTTP/1.1\r\nHost: a\r\n"

  static let all: [BadRequest] = [
    BadRequest(400, "GET / HTTP/1.1\r\n\r\n", "no Host"),
    BadRequest(400, get + "host: a\r\n\r\n", "two hosts"),
    BadRequest(400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "two hosts in 1.0"),
    BadRequest(400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "Host with a space"),
    BadRequest(400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "Host with a path"),
    BadRequest(400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "Host with a port of letters"),
    BadRequest(400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "Host with an open bracket"),
    BadRequest(400, "GET / HTTP/1.1\nHost: a\n\n", "bare LF"),
    BadRequest(400, "GET / HTTP/1.1\r\nHost: a\n\r\n", "bare LF behind a field"),
    BadRequest(400, "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", "bare CR"),
    BadRequest(400, get + "X : a\r\n\r\n", "space before the colon"),
    BadRequest(400, get + "X\t: a\r\n\r\n", "tab before the colon"),
    BadRequest(400, get + "X: a\r\n b\r\n\r\n", "folded line"),
    BadRequest(400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "space before the first field"),
    BadRequest(400, get + "X\r\n\r\n", "no colon"),
    BadRequest(400, get + ": a\r\n\r\n", "empty name"),
    BadRequest(400, get + "X(: a\r\n\r\n", "parenthesis in a name"),
    BadRequest(400, get + "Ä: a\r\n\r\n", "letter beyond ASCII in a name"),
    BadRequest(400, get + "X: a\0b\r\n\r\n", "NUL in a value"),
    BadRequest(400, get + "X: a\u{7F}\r\n\r\n", "DEL in a value"),
    BadRequest(400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "two spaces"),
    BadRequest(400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "space before the method"),
    BadRequest(400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "tab behind the method"),
    BadRequest(400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "space behind the version"),
    BadRequest(400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", "parenthesis in the method"),
    BadRequest(400, "GET /\r\n\r\n", "HTTP/0.9"),
    BadRequest(400, "GET\r\n\r\n", "one word"),
    BadRequest(400, "GET / http/1.1\r\nHost: a\r\n\r\n", "version in small letters"),
    BadRequest(400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n", "version of three digits"),
    BadRequest(400, "GET / HTTP/x.y\r\nHost: a\r\n\r\n", "version of letters"),
    BadRequest(505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "HTTP/2.0"),
    BadRequest(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "preface of HTTP/2"),
    BadRequest(505, "GET / HTTP/3.1\r\nHost: a\r\n\r\n", "HTTP/3.1"),
    BadRequest(505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n", "HTTP/0.9 by number"),
    BadRequest(400, "GET a HTTP/1.1\r\nHost: a\r\n\r\n", "target without a slash"),
    BadRequest(400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "star for GET"),
    BadRequest(501, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "authority form"),
    BadRequest(501, "CONNECT [::1]:443 HTTP/1.1\r\nHost: a\r\n\r\n", "authority form of IPv6"),
    BadRequest(400, "CONNECT a@b:80 HTTP/1.1\r\nHost: a\r\n\r\n", "authority form with a user"),
    BadRequest(400, "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "authority form for GET"),
    BadRequest(400, "GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n", "absolute form with a user"),
    BadRequest(400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "another scheme"),
    BadRequest(400, "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n", "absolute form without a host"),
    BadRequest(400, "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", "fragment"),
    BadRequest(400, "GET /ä HTTP/1.1\r\nHost: a\r\n\r\n", "letter beyond ASCII in the target"),
    BadRequest(400, "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "escape without digits"),
    BadRequest(400, "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", "escape cut short"),
    BadRequest(400, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "escaped NUL"),
    BadRequest(400, "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", "escape that is not UTF-8"),
    BadRequest(400, "GET /?a=%g0 HTTP/1.1\r\nHost: a\r\n\r\n", "escape without digits in the query"),
    BadRequest(400, post + "Content-Length: +2\r\n\r\n{}", "length with a sign"),
    BadRequest(400, post + "Content-Length: -2\r\n\r\n{}", "negative length"),
    BadRequest(400, post + "Content-Length: 2 2\r\n\r\n{}", "length of two numbers"),
    BadRequest(400, post + "Content-Length: 2, 2\r\n\r\n{}", "list of lengths"),
    BadRequest(400, post + "Content-Length: 0x2\r\n\r\n{}", "hexadecimal length"),
    BadRequest(400, post + "Content-Length:\r\n\r\n{}", "empty length"),
    BadRequest(400, post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "equal lengths"),
    BadRequest(400, post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "different lengths"),
    BadRequest(400, post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "length and coding"),
    BadRequest(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "coding in 1.0"),
    BadRequest(501, post + "Transfer-Encoding: gzip\r\n\r\n", "another coding"),
    BadRequest(501, post + "Transfer-Encoding: gzip, chunked\r\n\r\n", "two codings"),
    BadRequest(501, post + "Transfer-Encoding: foo\r\nTransfer-Encoding: Chunked\r\n\r\n", "two codings in two fields"),
    BadRequest(501, post + "Transfer-Encoding: foo\r\n\r\n", "unknown coding"),
    BadRequest(501, post + "Transfer-Encoding: chunked;a=b\r\n\r\n", "coding with a parameter"),
    BadRequest(400, post + "Transfer-Encoding: chunked, gzip\r\n\r\n", "chunked before another coding"),
    BadRequest(400, post + "Transfer-Encoding: CHUNKED\r\nTransfer-Encoding: foo\r\n\r\n", "chunked in a field before"),
    BadRequest(400, post + "Transfer-Encoding: chunked , , chunked\r\n\r\n", "coding twice in a field"),
    BadRequest(400, post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "coding twice"),
    BadRequest(400, post + "Transfer-Encoding:\r\n\r\n", "empty coding"),
    BadRequest(400, post + "Transfer-Encoding: ,\r\n\r\n", "list of no coding"),
    BadRequest(400, post + "Transfer-Encoding: \u{0B}chunked\r\n\r\n", "coding behind a vertical tab"),
    BadRequest(417, post + "Content-Length: 2\r\nExpect: magic\r\n\r\n{}", "unknown expectation"),
    BadRequest(413, post + "Content-Length: 1048577\r\n\r\n", "body over the limit"),
    BadRequest(413, post + "Content-Length: 99999999999999999999\r\n\r\n", "length beyond 64 bits"),
    BadRequest(413, post + "Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n", "expecting with a large body"),
    BadRequest(414, "GET /" + String(repeating: "a", count: 8192) + " HTTP/1.1\r\nHost: a\r\n\r\n", "long target"),
    BadRequest(414, "GET /" + String(repeating: "a", count: 20_000) + " HTTP/1.1\r\n\r\n", "very long target"),
    BadRequest(431, get + "X: " + String(repeating: "a", count: 20_000) + "\r\n\r\n", "long field"),
    BadRequest(431, get + String(repeating: "X: a\r\n", count: 100) + "\r\n", "101 fields"),
    BadRequest(400, "\u{16}\u{3}\u{1}\u{2}", "beginning of TLS"),
  ]
}

/// Valid requests, one after another on a connection, with what each must be read as.
enum Valid {
  struct Sample {
    let text: String
    let method: String
    let path: String
    let body: String
  }

  static let all = [
    Sample(text: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", method: "GET", path: "/", body: ""),
    Sample(
      text: "GET /a%20b%2Fc/%C3%A4?x=1 HTTP/1.1\r\nhOST:\t[::1]:80 \r\n\r\n", method: "GET", path: "/a b%2Fc/ä",
      body: ""),
    Sample(text: "GET http://h:1/p?q HTTP/1.1\r\nHost: h:1\r\n\r\n", method: "GET", path: "/p", body: ""),
    Sample(text: "GET HTTP://h HTTP/1.1\r\nHost: h\r\n\r\n", method: "GET", path: "/", body: ""),
    Sample(text: "GET /m HTTP/1.2\r\nHost: h\r\n\r\n", method: "GET", path: "/m", body: ""),
    Sample(text: "GET /e HTTP/1.9\r\nHost:\r\n\r\n", method: "GET", path: "/e", body: ""),
    Sample(
      text: "POST /t HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: , chunked ,\r\n\r\n0\r\n\r\n", method: "POST",
      path: "/t", body: ""),
    Sample(text: "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", method: "OPTIONS", path: "/", body: ""),
    Sample(
      text: "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 0005\r\nX-Empty:\r\n\r\nhello", method: "POST", path: "/p",
      body: "hello"),
    Sample(
      text: "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "3\r\nabc\r\n00A ;x=\"y z\"\r\n0123456789\r\n0\r\nT: x\r\nU: y\r\n\r\n", method: "PUT", path: "/c",
      body: "abc0123456789"),
    Sample(text: "\r\n\r\nHEAD /h HTTP/1.1\r\nHost: h\r\n\r\n", method: "HEAD", path: "/h", body: ""),
    Sample(
      text: "POST /k HTTP/1.0\r\nConnection: foo, Keep-Alive\r\nContent-Length: 1\r\n\r\nx", method: "POST", path: "/k",
      body: "x"),
  ]

  static let stream = all.map(\.text).joined()
}
