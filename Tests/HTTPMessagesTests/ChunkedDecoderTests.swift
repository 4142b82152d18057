import Testing

@testable import HTTPMessages

@Suite struct ChunkedDecoderTests {
  private func decode(_ pieces: [[UInt8]], limits: MessageLimits = MessageLimits()) -> (ChunkedDecoder.Outcome, [UInt8])
  {
    var decoder = ChunkedDecoder(limits: limits)
    var body: [UInt8] = []
    var outcome = ChunkedDecoder.Outcome.partial
    for piece in pieces where outcome == .partial {
      outcome = piece.withUnsafeBufferPointer { decoder.decode($0, into: &body) }
    }
    return (outcome, body)
  }

  @Test func everySplitGivesTheSameBody() {
    let bytes = Array(
      "5;d;e=f\r\nhello\r\n1 ;\ta = \"b;\\\"\u{9}\" ; c ;g= h\r\n!\r\n00b\r\n\r\n0\r\n\r\nabcd\r\n0\r\nT: x\r\n\r\nNEXT"
        .utf8)
    let expected = Array("hello!\r\n0\r\n\r\nabcd".utf8)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]].map(Array.init)
        var decoder = ChunkedDecoder()
        var body: [UInt8] = []
        var used = 0
        for piece in pieces {
          let outcome = piece.withUnsafeBufferPointer { decoder.decode($0, into: &body) }
          if case .complete(let consumed) = outcome {
            used += consumed
            break
          }
          #expect(outcome == .partial)
          used += piece.count
        }
        #expect(body == expected)
        #expect(used == bytes.count - 4)
      }
    }
  }

  @Test(arguments: [
    ("zz\r\n", 400), ("\r\n", 400), (" 5\r\n", 400), ("5 \r\nhello\r\n", 400), ("5\nhello", 400), ("-1\r\n", 400),
    ("0x5\r\nhello", 400), ("5\r\nhelloX", 400), ("5\r\nhello\n", 400), ("5\r\nhello\rX", 400), ("5;a\u{0}\r\n", 400),
    ("5;a\n", 400), ("2;\r\nab", 400), ("2;;a\r\n", 400), ("2;a=\r\n", 400), ("2;a=\"b\r\n", 400),
    ("2;a=\"b\\\r\n", 400),
    ("2;a=b=c\r\n", 400), ("2;a=\"b\"c\r\n", 400), ("2; \r\n", 400), ("2;a \r\n", 400), ("2;a=b \r\n", 400),
    ("2;a b\r\n", 400), ("2;=b\r\n", 400), ("2;a=\"\u{1}\"\r\n", 400), ("2;(\r\n", 400), ("2;a={\r\n", 400),
    ("0\r\n: x\r\n\r\n", 400), ("0\r\n x\r\n\r\n", 400), ("0\r\nT: a\n\r\n", 400),
    ("0\r\nT : x\r\n\r\n", 400), ("0\r\nT\r\n\r\n", 400), ("0\r\nT: a\r\n b\r\n\r\n", 400), ("0\r\n\rX", 400),
    ("100001\r\n", 413), ("ffffffffffffffff\r\n", 413), ("10000000000000000\r\n", 413),
    ("00000000000000000\r\n", 400),
  ])
  func wrongCodingIsRefused(_ sample: (text: String, status: Int)) {
    let bytes = Array(sample.text.utf8)
    for pieces in [[bytes], bytes.map { [$0] }] {
      guard case .bad(let fault) = decode(pieces).0 else {
        Issue.record("\(sample.text) was not refused")
        continue
      }
      #expect(fault.status == sample.status)
    }
  }

  @Test func bodyLimitHoldsOverChunks() {
    let limits = MessageLimits(bodyBytes: 6)
    #expect(decode([Array("3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n".utf8)], limits: limits).1 == Array("abcabc".utf8))
    guard case .bad(let fault) = decode([Array("3\r\nabc\r\n4\r\n".utf8)], limits: limits).0 else {
      Issue.record("not refused")
      return
    }
    #expect(fault.status == 413)
  }

  @Test(arguments: [("0\r\nT: ", 431), ("1;", 400)])
  func extensionsAndTrailersAreBounded(_ sample: (start: String, status: Int)) {
    let bytes = Array((sample.start + String(repeating: "a", count: 20_000)).utf8)
    guard case .bad(let fault) = decode([bytes]).0 else {
      Issue.record("not refused")
      return
    }
    #expect(fault.status == sample.status)
  }
}
