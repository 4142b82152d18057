import Analysis
import Foundation
import JSONText
import Studies
import StudyDefinitions

/// Writes trials as CSV straight from what is stored.
struct TrialTable: Sendable {
  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private let parameters: [[UInt8]]
  private let metrics: [[UInt8]]

  /// `told`: the metrics that callers told of.
  init(_ definition: ResolvedDefinition, told: [String] = []) {
    parameters = definition.space.parameters.map { Array($0.name.utf8) }
    metrics = definition.metricNames(told: told).map { Array($0.utf8) }
  }

  /// The names of the columns.
  var header: [UInt8] {
    var text = CSVText()
    text.row(
      (["number", "state", "value"]
        + parameters.map { "parameter." + String(decoding: $0, as: UTF8.self) }
        + metrics.map { "metric." + String(decoding: $0, as: UTF8.self) }
        + [
          "scores", "standard_deviation", "origin", "compute_seconds", "created_at", "started_at", "finished_at",
          "error",
        ]))
    return text.bytes
  }

  /// The rows of a page.
  func rows(_ page: TrialRows) -> [UInt8] {
    var text = CSVText(reserving: page.text.count * 2)
    page.text.withUnsafeBufferPointer { all in
      for row in page.rows { append(row, of: all, to: &text) }
    }
    return text.bytes
  }

  private func append(_ row: TrialRows.Row, of all: Bytes, to text: inout CSVText) {
    text.plain { JSONNumber.append(row.number, to: &$0) }
    text.comma()
    text.plain(Bytes(rebasing: all[row.state]))
    text.comma()
    number(row.value, to: &text)
    members(of: Bytes(rebasing: all[row.parameters]), named: parameters, to: &text)
    members(of: Bytes(rebasing: all[row.metrics]), named: metrics, to: &text)
    text.comma()
    // Its standard deviation comes with it.
    scores(Bytes(rebasing: all[row.scores]), to: &text)
    text.comma()
    origin(Bytes(rebasing: all[row.origin]), to: &text)
    text.comma()
    number(row.computeSeconds, to: &text)
    time(row.createdAt, to: &text)
    time(row.startedAt, to: &text)
    time(row.finishedAt, to: &text)
    text.comma()
    if let error = row.error { text.guardedCell(all[error]) }
    text.endRow()
  }

  private func number(_ value: Double?, to text: inout CSVText) {
    if let value, value.isFinite { text.plain { JSONNumber.append(value, to: &$0) } }
  }

  private func time(_ milliseconds: Int?, to text: inout CSVText) {
    text.comma()
    if let milliseconds { text.plain { Timestamp.append(milliseconds: milliseconds, to: &$0) } }
  }

  /// A cell for each name, empty where the object lacks it.
  private func members(of object: Bytes, named names: [[UInt8]], to text: inout CSVText) {
    CompactJSON.values(of: object, named: names) { member in
      text.comma()
      if let member { value(member, to: &text) }
    }
  }

  private func value(_ json: Bytes, to text: inout CSVText) {
    switch json.first {
    case UInt8(ascii: "\""):
      if json.contains(UInt8(ascii: "\\")) {
        text.guardedCell(((try? JSONValue(parsing: Array(json)))?.stringValue ?? "").utf8)
      } else {
        text.guardedCell(json.dropFirst().dropLast())
      }
    // What is not finite was stored as null.
    case nil, UInt8(ascii: "n"): break
    default: text.plain(json)
    }
  }

  /// The scores with blanks between them, then their standard deviation.
  private func scores(_ list: Bytes, to text: inout CSVText) {
    var elements = CompactJSON(list)
    guard let first = elements.nextElement() else { return text.comma() }
    text.plain(first)
    guard let second = elements.nextElement() else { return text.comma() }
    var values = [Self.double(first)]
    var next: Bytes? = second
    while let element = next {
      text.plain { $0.append(UInt8(ascii: " ")) }
      text.plain(element)
      values.append(Self.double(element))
      next = elements.nextElement()
    }
    text.comma()
    let mean = values.mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    number((squares / Double(values.count - 1)).squareRoot(), to: &text)
  }

  private static func double(_ text: Bytes) -> Double { Double(String(decoding: text, as: UTF8.self)) ?? .nan }

  /// The kind, then ` name=value` for each other member; a value is JSON, but a plain word lacks its quotation marks.
  private func origin(_ object: Bytes, to text: inout CSVText) {
    var kind = [UInt8]()
    var others = [UInt8]()
    var members = CompactJSON(object)
    while let member = members.nextMember() {
      if member.name.elementsEqual("kind".utf8) {
        kind = Self.word(member.value)
      } else {
        others.append(UInt8(ascii: " "))
        others += member.name
        others.append(UInt8(ascii: "="))
        others += Self.word(member.value)
      }
    }
    text.guardedCell(kind + others)
  }

  /// A string without its quotation marks, if it then reads as nothing else; any other value as it is.
  private static func word(_ json: Bytes) -> [UInt8] {
    let inner = json.dropFirst().dropLast()
    guard json.first == UInt8(ascii: "\""), inner.allSatisfy({ isLetter($0) || isMark($0) }), let first = inner.first,
      isLetter(first), !["true", "false", "null"].contains(String(decoding: inner, as: UTF8.self))
    else { return Array(json) }
    return Array(inner)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }
}
