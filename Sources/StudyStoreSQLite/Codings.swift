import Foundation
import JSONText
import SearchAlgorithms
import SearchSpace
import Studies
import StudyDefinitions

extension Origin {
  /// The kind, then the facts in their order.
  var json: JSONValue {
    .object(JSONObject([("kind", .string(kind))] + facts.map { ($0.name, $0.value.json) }))
  }

  init(json: JSONValue) {
    self.init(kind: json["kind"]?.stringValue ?? "")
    facts = (json.objectValue?.members ?? []).filter { $0.name != "kind" }.compactMap { member in
      ParameterValue(json: member.value).map { Fact(member.name, $0) }
    }
  }
}

/// JSON in a column.
enum JSONCoding {
  static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  /// Metrics as an object, in order of name.
  static func text(_ metrics: [String: Double]) -> String {
    JSONValue.object(JSONObject(metrics.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })).text
  }

  /// Metrics that `text` wrote.
  static func metrics(_ text: String) throws -> [String: Double] {
    guard text != "{}" else { return [:] }
    let members = try json(text).objectValue?.members ?? []
    return Dictionary(members.compactMap { member in member.value.numberValue.map { (member.name, $0) } }) { $1 }
  }

  static func point(_ text: String, _ space: ParameterSpace) throws -> Point {
    try Point(json: json(text), space: space)
  }
}

/// The scores of folds as one value: accuracy and loss of each as little-endian doubles; nil for none.
enum FoldCoding {
  static func encode(_ folds: [FoldScore]) -> Data? {
    guard !folds.isEmpty else { return nil }
    let words = folds.flatMap { [$0.accuracy.bitPattern.littleEndian, $0.loss.bitPattern.littleEndian] }
    return words.withUnsafeBytes { Data($0) }
  }

  static func decode(_ data: Data?) -> [FoldScore] {
    guard let data else { return [] }
    return data.withUnsafeBytes { bytes in
      func number(_ index: Int) -> Double {
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)))
      }
      return (0..<bytes.count / 16).map { FoldScore(accuracy: number(2 * $0), loss: number(2 * $0 + 1)) }
    }
  }
}

/// A curve as two values: its names as JSON, its numbers as little-endian doubles.
enum CurveCoding {
  static func encode(_ curve: LearningCurve) -> (names: String, points: Data) {
    let words = curve.numbers.map { $0.bitPattern.littleEndian }
    return (JSONValue.array(curve.names.map { .string($0) }).text, words.withUnsafeBytes { Data($0) })
  }

  static func decode(names: String, points: Data) throws -> LearningCurve {
    let names = try JSONValue(parsing: Array(names.utf8)).arrayValue?.compactMap(\.stringValue) ?? []
    let numbers = points.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map {
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
      }
    }
    return LearningCurve(names: names, numbers: numbers)
  }
}
