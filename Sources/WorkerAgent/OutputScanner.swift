import JSONText

/// Which of a command's streams bytes came from.
enum OutputStream: Sendable, Hashable {
  case output, error
}

/// Finds results and measurements in what a command writes, fed in any pieces.
struct OutputScanner {
  /// How many lines are kept to say how a command ended.
  private static let lastLines = 20
  private static let lastLineBytes = 400

  private let pattern: ResultPattern?
  private var output = LineSplitter()
  private var error = LineSplitter()
  private var findings = Findings()

  /// What was found.
  struct Findings {
    /// The last line of standard output that is a JSON object.
    var result: JSONObject?
    /// The last text that the pattern matched.
    var match: String?
    /// Measurements that were not taken out yet.
    var measurements: [Measurement] = []
    /// Why a line is no measurement, though it begins as one; the first of them alone.
    var wrongLine: String?
    /// The last lines of both streams.
    var tail: [String] = []
  }

  /// `pattern`: where the result is, for programs that write no JSON.
  init(pattern: ResultPattern? = nil) { self.pattern = pattern }

  /// The last JSON object, the last match, and the last lines.
  var found: Findings { findings }

  mutating func feed(_ bytes: some Sequence<UInt8>, of stream: OutputStream) {
    var lines: [[UInt8]] = []
    if stream == .output { output.feed(bytes) { lines.append($0) } } else { error.feed(bytes) { lines.append($0) } }
    for line in lines { read(line, of: stream) }
  }

  /// Reads lines that nothing ends.
  mutating func finish() {
    var lines: [([UInt8], OutputStream)] = []
    output.finish { lines.append(($0, .output)) }
    error.finish { lines.append(($0, .error)) }
    for (line, stream) in lines { read(line, of: stream) }
  }

  /// Takes the measurements out.
  mutating func takeMeasurements() -> [Measurement] {
    defer { findings.measurements = [] }
    return findings.measurements
  }

  private mutating func read(_ line: [UInt8], of stream: OutputStream) {
    let start = line.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    guard let start else { return }
    keep(line)
    if stream == .output {
      if start == UInt8(ascii: "{"), let object = ResultText.object(line) { findings.result = object }
      if start == UInt8(ascii: "c") { readMeasurement(line) }
    }
    // Programs that nobody may change write where they like.
    if let match = pattern?.match(in: line) { findings.match = match }
  }

  private mutating func readMeasurement(_ line: [UInt8]) {
    let text = String(decoding: line, as: UTF8.self)
    switch MeasurementLine.read(text) {
    case .measurement(let measurement): findings.measurements.append(measurement)
    case .wrong(let reason):
      if findings.wrongLine == nil {
        findings.wrongLine = "the line \"\(text.prefix(200))\" is not a measurement: \(reason)"
      }
    case .nothingFinite, .otherLine: break
    }
  }

  private mutating func keep(_ line: [UInt8]) {
    findings.tail.append(String(decoding: line.prefix(Self.lastLineBytes), as: UTF8.self))
    if findings.tail.count > Self.lastLines { findings.tail.removeFirst() }
  }
}
