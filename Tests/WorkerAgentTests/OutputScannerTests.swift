import JSONText
import Testing

@testable import WorkerAgent

/// Results and measurements in what a command writes.
@Suite struct OutputScannerTests {
  private func scan(
    _ text: String, piece: Int = .max, pattern: String? = nil, of stream: OutputStream = .output
  ) throws -> OutputScanner.Findings {
    var scanner = OutputScanner(pattern: try pattern.map { try ResultPattern($0) })
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      scanner.feed(rest.prefix(piece), of: stream)
      rest = rest.dropFirst(piece)
    }
    scanner.finish()
    return scanner.found
  }

  private static let text = """
    loading
    {"accuracy": 0.1}
    cairn step=1 accuracy=0.5 loss=2
    cairn step=2 accuracy=0.6 loss=nan
    [1]
    cairn step=3 loss=inf
    {"accuracy": 0.9, "loss": 1e-3}\r
      cairn step=4 a=1
    not {"accuracy": 0}
    {"accuracy": 0.9
    cairnstep=5 a=1
    accuracy: 0.25 accuracy: 0.5
    """

  @Test(arguments: [1, 2, 3, 7, 64, 10_000])
  func piecesDoNotMatter(_ piece: Int) throws {
    let found = try scan(Self.text, piece: piece, pattern: "accuracy: ([0-9.]+)")
    #expect(found.result == JSONObject([("accuracy", 0.9), ("loss", 0.001)]))
    #expect(found.match == "0.5")
    #expect(
      found.measurements == [
        Measurement(step: 1, metrics: JSONObject([("accuracy", 0.5), ("loss", 2)])),
        Measurement(step: 2, metrics: JSONObject([("accuracy", 0.6)])),
        Measurement(step: 4, metrics: JSONObject([("a", 1)])),
      ])
    #expect(found.wrongLine == nil)
    #expect(found.tail.count == 12)
    #expect(found.tail.last == "accuracy: 0.25 accuracy: 0.5")
  }

  @Test func standardErrorHasNoResults() throws {
    let found = try scan(Self.text, pattern: "loading", of: .error)
    #expect(found.result == nil)
    #expect(found.measurements.isEmpty)
    // But a pattern finds there, too.
    #expect(found.match == "loading")
  }

  @Test func streamsDoNotMix() {
    var scanner = OutputScanner()
    scanner.feed(Array("{\"a\": ".utf8), of: .output)
    scanner.feed(Array("warning\n".utf8), of: .error)
    scanner.feed(Array("1}\n".utf8), of: .output)
    scanner.finish()
    #expect(scanner.found.result == JSONObject([("a", 1)]))
    #expect(scanner.found.tail == ["warning", "{\"a\": 1}"])
  }

  @Test func wrongMeasurementsAreRemembered() throws {
    for line in [
      "cairn step=x a=1", "cairn step=-1 a=1", "cairn step=1.5 a=1", "cairn step=1 a", "cairn step=1 a=b",
      "cairn step=1 =1", "cairn step=1",
    ] {
      let found = try scan(line + "\n")
      #expect(found.measurements.isEmpty, "\(line)")
      #expect(found.wrongLine?.contains(line) == true, "\(line)")
    }
    #expect(try scan("cairn is a heap of stones\ncairn\n").wrongLine == nil)
    #expect(try scan("cairn step=1e2 a=1\n").measurements.first?.step == 100)
  }

  @Test func longLinesAndOddBytes() throws {
    let found = try scan("{\"a\": \"" + String(repeating: "x", count: 3 << 20) + "\"}\n{\"b\": 2}\n", piece: 65536)
    #expect(found.result == JSONObject([("b", 2)]))
    var scanner = OutputScanner()
    scanner.feed([0xFF, 0xFE, 10, 0, 10], of: .output)
    scanner.finish()
    #expect(scanner.found.tail.count == 2)
  }

  @Test func numbersThatAreNotFinite() {
    #expect(
      ResultText.object(Array("{\"a\": NaN, \"b\": -Infinity, \"c\": \"NaN \\\" Infinity\"}".utf8))
        == JSONObject([("a", "NaN"), ("b", "-Infinity"), ("c", "NaN \" Infinity")]))
    #expect(ResultText.object(Array("{NaN}".utf8)) == nil)
    for text in ["nan", "NaN", "-inf", "Infinity", "+INF"] { #expect(ResultText.isNotFinite(text)) }
    for text in ["", "1", "nano", "infinite"] { #expect(!ResultText.isNotFinite(text)) }
  }

  @Test func patternsThatAreWrongAreRefused() throws {
    #expect(throws: WorkerRefusal.self) { try ResultPattern("(") }
    #expect(try ResultPattern("[0-9]+").match(in: Array("1 and 23".utf8)) == "23")
    #expect(try ResultPattern("(a)|b").match(in: Array("b".utf8)) == nil)
  }
}
