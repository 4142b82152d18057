import Testing

@testable import WorkerAgent

/// The last bytes of a command's output on their way to the service.
@Suite struct OutputLogTests {
  @Test func piecesFollowOneAnother() throws {
    var log = OutputLog()
    #expect(!log.hasUnsent)
    #expect(log.next == nil)
    log.append(Array("abc".utf8))
    var piece = try #require(log.next)
    #expect(piece.offset == 0 && piece.bytes == Array("abc".utf8))
    log.append(Array("de".utf8))
    log.isUploaded(to: 3)
    piece = try #require(log.next)
    #expect(piece.offset == 3 && piece.bytes == Array("de".utf8))
    log.isUploaded(to: 5)
    #expect(log.next == nil && !log.hasUnsent)
    log.append([1])
    log.giveUp()
    #expect(!log.hasUnsent)
  }

  @Test func onlyTheLastMebibyteIsSent() {
    var log = OutputLog()
    let total = 5 << 20
    for block in 0..<(total / 4096) { log.append([UInt8](repeating: UInt8(block & 0xFF), count: 4096)) }
    var sent = 0
    var first: Int?
    while let piece = log.next {
      #expect(piece.bytes.count <= OutputLog.piece)
      #expect(piece.bytes.first == UInt8((piece.offset / 4096) & 0xFF))
      first = first ?? piece.offset
      sent += piece.bytes.count
      log.isUploaded(to: piece.offset + piece.bytes.count)
    }
    #expect(sent == OutputLog.kept)
    #expect(first == total - OutputLog.kept)
  }
}
