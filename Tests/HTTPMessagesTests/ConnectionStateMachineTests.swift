import Testing

@testable import HTTPMessages

@Suite struct ConnectionStateMachineTests {
  private func receive(_ text: String, _ machine: inout ConnectionStateMachine) -> [ConnectionStateMachine.Action] {
    Array(text.utf8).withUnsafeBufferPointer { machine.receive($0) }
  }

  private func check(_ driven: Driven, _ comment: Comment) {
    #expect(driven.requests.map(\.method) == Valid.all.map(\.method), comment)
    #expect(driven.requests.map(\.path) == Valid.all.map(\.path), comment)
    #expect(driven.requests.map { String(decoding: $0.body, as: UTF8.self) } == Valid.all.map(\.body), comment)
    #expect(!driven.isClosing, comment)
  }

  @Test(arguments: [BodyPolicy.collect(), .stream(maximum: 1 << 20)])
  func pipelinedStreamIsReadTheSameAtEverySplit(_ policy: BodyPolicy) {
    let bytes = Array(Valid.stream.utf8)
    for split in 0...bytes.count {
      var machine = ConnectionStateMachine(bodyPolicy: { _ in policy })
      check(drive(&machine, [Array(bytes[..<split]), Array(bytes[split...])]), "split at \(split)")
      #expect(machine.waiting == .request)
    }
    for size in 1...7 {
      var machine = ConnectionStateMachine(bodyPolicy: { _ in policy })
      let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
      check(drive(&machine, pieces), "pieces of \(size)")
    }
  }

  @Test func framingOfAnswersFollowsTheRequest() {
    var machine = ConnectionStateMachine()
    let driven = drive(&machine, [Array(Valid.stream.utf8)])
    #expect(driven.framings.map(\.isHead) == Valid.all.map { $0.method == "HEAD" })
    #expect(driven.framings.last == ResponseFraming(isHead: false, keepsAlive: true, minorVersion: 0))
  }

  @Test func oneRequestAtATimeAndReadingStopsWhenTheBufferIsFull() {
    var machine = ConnectionStateMachine()
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    #expect(receive(get + get, &machine).count == 1)
    #expect(machine.waiting == .answer && machine.wantsInput)
    #expect(receive(String(repeating: get, count: 3000), &machine).isEmpty)
    #expect(!machine.wantsInput)
    var delivered = 1
    var driven = Driven()
    apply(machine.respond(HTTPResponse(status: 200)), &machine, &driven)
    delivered += driven.requests.count
    #expect(delivered == 3002)
    #expect(machine.wantsInput)
  }

  @Test func nextRequestWaitsUntilTheAnswerIsWritten() {
    var machine = ConnectionStateMachine()
    _ = receive("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", &machine)
    #expect(machine.respond(HTTPResponse(status: 200)).count == 1)
    #expect(receive("", &machine).isEmpty)
    guard case .handleCollected(let request)? = machine.written().first else {
      Issue.record("nothing delivered")
      return
    }
    #expect(request.path == "/2")
  }

  @Test func continueIsSentOnlyToWhoWaits() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n"
    for (text, expected) in [
      (head + "Content-Length: 2\r\n\r\n", 1), (head + "Content-Length: 2\r\n\r\nx", 0), (head + "\r\n", 0),
      (head + "Transfer-Encoding: chunked\r\n\r\n", 1), (head + "Content-Length: 2000000\r\n\r\n", 0),
      ("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", 0),
    ] {
      var machine = ConnectionStateMachine()
      #expect(drive(&machine, [Array(text.utf8)]).continues == expected, "\(text)")
    }
  }

  @Test func timeOutsByWhatIsWaitedFor() {
    let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{"
    for (text, statuses) in [("", []), ("GET /", [408]), (post, [408])] {
      var machine = ConnectionStateMachine()
      var driven = drive(&machine, [Array(text.utf8)])
      apply(machine.timeOut(), &machine, &driven)
      #expect(driven.statuses == statuses)
      #expect(driven.isClosing && machine.waiting == .end && !machine.wantsInput)
    }
  }

  @Test func endOfInputInTheMiddleIsAFault() {
    for (text, statuses) in [
      ("", []), ("\r\n", []), ("GET / HTTP/1.1\r\nHo", [400]),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{", [400]),
      ("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /", [200, 400]),
    ] {
      var machine = ConnectionStateMachine()
      var driven = drive(&machine, [Array(text.utf8)])
      apply(machine.endInput(), &machine, &driven)
      #expect(driven.statuses == statuses, "\(text)")
      #expect(driven.isClosing)
    }
  }

  @Test func answerAfterTheEndOfInputIsTheLast() {
    var machine = ConnectionStateMachine()
    _ = receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &machine)
    #expect(machine.endInput().isEmpty)
    var driven = Driven()
    apply(machine.respond(HTTPResponse(status: 200)), &machine, &driven)
    #expect(driven.framings.map(\.keepsAlive) == [false] && driven.isClosing)
  }

  @Test func stopClosesIdleConnectionsAndAnswersBegunRequests() {
    var idle = ConnectionStateMachine()
    guard case .close? = idle.stop().first else {
      Issue.record("not closed")
      return
    }
    var begun = ConnectionStateMachine()
    _ = receive("GET / HT", &begun)
    #expect(begun.stop().isEmpty)
    let driven = drive(&begun, [Array("TP/1.1\r\nHost: a\r\n\r\n".utf8)])
    #expect(driven.statuses == [200] && driven.framings.map(\.keepsAlive) == [false] && driven.isClosing)
  }

  @Test func damagedStreamsAreReadTheSameInOnePieceAndByteByByte() {
    var state: UInt64 = 1
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let valid = Array(Valid.stream.utf8)
    for _ in 0..<2000 {
      var bytes = valid
      for _ in 0..<(1 + draw(3)) {
        let place = draw(bytes.count)
        switch draw(3) {
        case 0: bytes[place] = UInt8(draw(256))
        case 1: bytes.remove(at: place)
        default: bytes.insert(valid[draw(valid.count)], at: place)
        }
      }
      var (whole, single) = (ConnectionStateMachine(), ConnectionStateMachine())
      let expected = drive(&whole, [bytes])
      var streaming = ConnectionStateMachine(bodyPolicy: { _ in .stream(maximum: 1 << 20) })
      let streamed = drive(&streaming, bytes.map { [$0] })
      #expect(streamed.statuses == expected.statuses && streamed.isClosing == expected.isClosing)
      let driven = drive(&single, bytes.map { [$0] })
      #expect(driven.statuses == expected.statuses, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
      #expect(driven.requests.map(\.target) == expected.requests.map(\.target))
      #expect(driven.requests.map(\.body) == expected.requests.map(\.body))
      #expect(driven.isClosing == expected.isClosing)
    }
  }

  @Test func headGetsNoBodyEvenWithAFault() {
    var machine = ConnectionStateMachine()
    let driven = drive(&machine, [Array("HEAD / HTTP/1.1\r\n\r\n".utf8)])
    #expect(driven.framings.map(\.isHead) == [true])
  }

  /// The request before it has nothing to do with it.
  @Test(arguments: ["HEAD", "GET"]) func aFaultInAHeadIsFramedByItsOwnMethod(_ before: String) {
    for (head, isHead) in [("HEAD / HT", true), ("GET / HT", false)] {
      for event in 0..<3 {
        var machine = ConnectionStateMachine()
        var driven = drive(&machine, [Array("\(before) / HTTP/1.1\r\nHost: a\r\n\r\n\(head)".utf8)])
        let answer =
          event == 0 ? machine.timeOut() : event == 1 ? machine.endInput() : machine.shed(HTTPResponse(status: 503))
        apply(answer, &machine, &driven)
        #expect(driven.framings.map(\.isHead) == [before == "HEAD", isHead] && driven.isClosing)
      }
    }
  }

  @Test func requestsBehindAStreamWaitForItsEnd() {
    let stream = HTTPResponse(status: 200, stream: HTTPBodyStream { _ in })
    for (version, method, streams, keepsAlive) in [
      (1, "GET", 1, true), (0, "GET", 1, false), (1, "HEAD", 0, true),
    ] {
      var machine = ConnectionStateMachine()
      let fields = "Host: a\r\nConnection: keep-alive\r\n\r\n"
      _ = receive("\(method) /1 HTTP/1.\(version)\r\n\(fields)GET /2 HTTP/1.1\r\n\(fields)", &machine)
      var driven = Driven()
      apply(machine.respond(stream), &machine, &driven)
      #expect(driven.streams == streams && driven.framings.first?.keepsAlive == keepsAlive)
      if streams == 1 {
        #expect(driven.requests.isEmpty && machine.waiting == .answer)
        apply(machine.endStream(isWhole: true), &machine, &driven)
        #expect(driven.isClosing == !keepsAlive)
        apply(machine.written(), &machine, &driven)
      }
      #expect(driven.requests.map(\.path) == (keepsAlive ? ["/2"] : []))
    }
  }

  @Test func streamThatIsCutEndsTheConnection() {
    let stream = HTTPResponse(status: 200, stream: HTTPBodyStream { _ in })
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    for stops in [true, false] {
      var machine = ConnectionStateMachine()
      _ = receive(get + get, &machine)
      var driven = Driven()
      apply(machine.respond(stream), &machine, &driven)
      apply(stops ? machine.stop() : machine.endStream(isWhole: false), &machine, &driven)
      #expect(driven.isClosing && driven.cuts == (stops ? 1 : 0) && driven.requests.isEmpty)
      #expect(machine.waiting == .end)
    }
    var stopping = ConnectionStateMachine()
    _ = receive(get, &stopping)
    _ = stopping.stop()
    var driven = Driven()
    apply(stopping.respond(stream), &stopping, &driven)
    #expect(driven.statuses == [503] && driven.streams == 0 && driven.isClosing)
  }

  @Test func policyChoosesTheLimit() {
    let policy: BodyPolicyChooser = { head in
      head.path == "/wide" ? .collect(maximum: 8) : head.path == "/stream" ? .stream(maximum: 6) : .collect()
    }
    for (path, length, status) in [
      ("/", 4, 200), ("/", 5, 413), ("/wide", 8, 200), ("/wide", 9, 413), ("/stream", 6, 200), ("/stream", 7, 413),
    ] {
      let body = String(repeating: "x", count: length)
      let head = "POST \(path) HTTP/1.1\r\nHost: a\r\n"
      for text in [
        head + "Content-Length: \(length)\r\n\r\n" + body,
        head + "Transfer-Encoding: chunked\r\n\r\n\(length)\r\n\(body)\r\n0\r\n\r\n",
      ] {
        var machine = ConnectionStateMachine(limits: MessageLimits(bodyBytes: 4), bodyPolicy: policy)
        let driven = drive(&machine, [Array(text.utf8)])
        #expect(driven.statuses == [status], "\(text)")
        #expect(driven.isClosing == (status == 413))
      }
    }
  }

  @Test func firstReadOfAStreamedBodySendsContinue() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    for (text, continues) in [(head, 1), (head + "x", 0)] {
      var machine = ConnectionStateMachine(bodyPolicy: { _ in .stream(maximum: 9) })
      var driven = drive(&machine, [Array(text.utf8)])
      #expect(driven.continues == 0)
      // A client that was not told to send is not late.
      #expect((machine.waiting == .answer) == (continues == 1))
      for _ in 0..<2 { apply(machine.readsBody(), &machine, &driven) }
      #expect(driven.continues == continues && machine.waiting == .body(received: text.utf8.count - head.utf8.count))
    }
  }

  @Test func answerBeforeTheEndOfTheBodyIsTheLast() {
    for (sent, closes) in [("{", true), ("{}", false)] {
      var machine = ConnectionStateMachine(bodyPolicy: { _ in .stream(maximum: 9) })
      let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n" + sent
      _ = receive(text, &machine)
      var driven = Driven()
      apply(machine.respond(HTTPResponse(status: 401)), &machine, &driven)
      #expect(driven.isClosing == closes && driven.framings.map(\.keepsAlive) == [!closes])
      // The rest of the body is not taken for a request.
      #expect(closes ? receive("}GET / HTTP/1.1\r\nHost: a\r\n\r\n", &machine).isEmpty : machine.waiting == .request)
    }
  }
}
