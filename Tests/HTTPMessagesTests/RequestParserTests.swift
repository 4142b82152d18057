import Testing

@testable import HTTPMessages

@Suite struct RequestParserTests {
  @Test(arguments: BadRequest.all)
  func badRequestGetsItsStatus(_ sample: BadRequest) {
    var machine = ConnectionStateMachine()
    let result = drive(&machine, [Array(sample.text.utf8)])
    #expect(result.statuses == [sample.status])
    #expect(result.requests.isEmpty)
    #expect(result.isClosing)
  }

  @Test func outcomeIsTheSameForEverySplit() {
    for sample in BadRequest.all where sample.text.utf8.count < 300 {
      let bytes = Array(sample.text.utf8)
      for split in 0...bytes.count {
        var machine = ConnectionStateMachine()
        let result = drive(&machine, [Array(bytes[..<split]), Array(bytes[split...])])
        #expect(result.statuses == [sample.status], "\(sample) split at \(split)")
      }
      var machine = ConnectionStateMachine()
      #expect(drive(&machine, bytes.map { [$0] }).statuses == [sample.status], "\(sample) byte by byte")
    }
  }

  @Test func longHeadsGetTheSameStatusByteByByte() {
    for sample in BadRequest.all where sample.text.utf8.count > 300 {
      var machine = ConnectionStateMachine()
      #expect(drive(&machine, sample.text.utf8.map { [$0] }).statuses == [sample.status], "\(sample)")
    }
  }

  @Test func everyPrefixOfAHeadIsPartial() {
    for sample in Valid.all {
      let text = sample.text.drop { $0 == "\r\n" }
      let bytes = Array(text.utf8)
      var end: Int?
      for length in 0...bytes.count {
        switch RequestParser.parse(Array(bytes[..<length])) {
        case .complete(let head, let consumed):
          if end == nil { end = length }
          #expect(consumed == end)
          #expect(head.method == sample.method && head.path == sample.path)
        case .partial: #expect(end == nil, "\(text) at \(length)")
        case .bad(let fault): Issue.record("\(text) at \(length): \(fault)")
        }
      }
      #expect(end != nil)
    }
  }

  @Test func limitsAreExact() {
    let get = "GET / HTTP/1.1\r\nHost: a\r\n"
    func status(_ text: String) -> Int {
      switch RequestParser.parse(Array(text.utf8)) {
      case .complete: 200
      case .partial: 0
      case .bad(let fault): fault.status
      }
    }
    let room = (16 << 10) - get.utf8.count - "X: \r\n\r\n".utf8.count
    #expect(status(get + "X: " + String(repeating: "a", count: room) + "\r\n\r\n") == 200)
    #expect(status(get + "X: " + String(repeating: "a", count: room + 1) + "\r\n\r\n") == 431)
    #expect(status(get + String(repeating: "X: a\r\n", count: 99) + "\r\n") == 200)
    #expect(status("GET /" + String(repeating: "a", count: 8191) + " HTTP/1.1\r\nHost: a\r\n\r\n") == 200)
    #expect(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n") == 200)
  }

  @Test func targetIsTakenApart() throws {
    let text = "GET http://h/a?x=1&y=a+b%26c&&z&x=%C3%A4&=v HTTP/1.1\r\nHost: h\r\nX: a\r\nx: b\r\n\r\n"
    guard case .complete(let head, _) = RequestParser.parse(Array(text.utf8)) else {
      Issue.record("not read")
      return
    }
    #expect(head.target == "/a?x=1&y=a+b%26c&&z&x=%C3%A4&=v")
    #expect(head.query.map(\.name) == ["x", "y", "z", "x", ""])
    #expect(head.query.map(\.value) == ["1", "a b&c", "", "ä", "v"])
    #expect(head.headers.values(of: "X") == ["a", "b"])
    #expect(head.minorVersion == 1)
  }

  @Test func theTargetsAuthorityIsTheHost() throws {
    let text = "GET http://H.example:8/a HTTP/1.7\r\nHost: other\r\n\r\n"
    guard case .complete(let head, _) = RequestParser.parse(Array(text.utf8)) else {
      Issue.record("not read")
      return
    }
    #expect(head.headers.values(of: "Host") == ["H.example:8"] && head.minorVersion == 1)
  }

  @Test(arguments: [
    ("HTTP/1.1\r\nHost: a", true), ("HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE", false), ("HTTP/1.0", false),
    ("HTTP/1.0\r\nConnection: keep-alive", true), ("HTTP/1.0\r\nConnection: keep-alive, close", false),
  ])
  func persistence(_ sample: (text: String, keepsAlive: Bool)) {
    guard case .complete(let head, _) = RequestParser.parse(Array("GET / \(sample.text)\r\n\r\n".utf8)) else {
      Issue.record("not read")
      return
    }
    #expect(head.keepsAlive == sample.keepsAlive)
  }
}
