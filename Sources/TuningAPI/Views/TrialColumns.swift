import JSONText
import Studies
import StudyDefinitions

/// Trials as columns of JSON: an array for each thing that a trial has, written straight from what is stored.
struct TrialColumns: Sendable {
  /// How many trials one answer may have.
  static let mostTrials = 50_000
  /// How many cells one answer may have, so that wide studies have no longer answers: about 5 MB.
  static let mostCells = 500_000

  private let parameterNames: [[UInt8]]
  private let metricNames: [[UInt8]]
  private var numbers = Column()
  private var states = Column()
  private var values = Column()
  private var seconds = Column()
  private var parameters: [Column]
  private var metrics: [Column]

  /// `told`: the metrics that callers told of.
  init(_ definition: ResolvedDefinition, told: [String] = []) {
    parameterNames = definition.space.parameters.map { Array($0.name.utf8) }
    metricNames = definition.metricNames(told: told).map { Array($0.utf8) }
    parameters = parameterNames.map { _ in Column() }
    metrics = metricNames.map { _ in Column() }
  }

  /// How many trials an answer with these columns may have.
  var most: Int { min(Self.mostTrials, Self.mostCells / (4 + parameters.count + metrics.count)) }

  /// Adds those trials of a page that are wanted.
  mutating func add(_ page: TrialRows, where isWanted: (Int) -> Bool) {
    page.text.withUnsafeBufferPointer { text in
      for row in page.rows where isWanted(row.number) {
        numbers.append { JSONNumber.append(row.number, to: &$0) }
        states.append { bytes in
          bytes.append(UInt8(ascii: "\""))
          bytes += text[row.state]
          bytes.append(UInt8(ascii: "\""))
        }
        values.append(row.value)
        seconds.append(row.computeSeconds)
        Self.append(CompactJSON.Bytes(rebasing: text[row.parameters]), parameterNames, to: &parameters)
        Self.append(CompactJSON.Bytes(rebasing: text[row.metrics]), metricNames, to: &metrics)
      }
    }
  }

  private static func append(_ object: CompactJSON.Bytes, _ names: [[UInt8]], to columns: inout [Column]) {
    var place = 0
    CompactJSON.values(of: object, named: names) { value in
      columns[place].append { bytes in
        if let value { bytes += value } else { bytes += "null".utf8 }
      }
      place += 1
    }
  }

  /// The answer, with what is known of all trials, those that were left out too.
  func json(_ marks: TrialMarks) -> [UInt8] {
    var writer = JSONWriter(reserving: 1024)
    writer.object { writer in
      writer.member("total", marks.count)
      writer.member("best", marks.improvements.last)
      writer.array("improvements", of: marks.improvements.suffix(Self.mostTrials)) { $1.integer($0) }
      writer.array("moves", of: marks.moves.prefix(Self.mostTrials)) { $1.integer($0) }
    }
    var bytes = writer.bytes
    // The columns are JSON already.
    bytes.removeLast()
    for (name, column) in [("number", numbers), ("state", states), ("value", values), ("compute_seconds", seconds)] {
      bytes += ",\"\(name)\":".utf8
      bytes += column.array
    }
    for (name, names, columns) in [("parameters", parameterNames, parameters), ("metrics", metricNames, metrics)] {
      bytes += ",\"\(name)\":{".utf8
      for (place, column) in columns.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += JSONValue.string(String(decoding: names[place], as: UTF8.self)).text.utf8
        bytes.append(UInt8(ascii: ":"))
        bytes += column.array
      }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}

/// The elements of a JSON array, with commas between them.
private struct Column: Sendable {
  private var elements: [UInt8] = []

  mutating func append(_ write: (inout [UInt8]) -> Void) {
    if !elements.isEmpty { elements.append(UInt8(ascii: ",")) }
    write(&elements)
  }

  mutating func append(_ value: Double?) {
    append { bytes in
      if let value, value.isFinite { JSONNumber.append(value, to: &bytes) } else { bytes += "null".utf8 }
    }
  }

  var array: [UInt8] { [UInt8(ascii: "[")] + elements + [UInt8(ascii: "]")] }
}
