import Foundation
import JSONText
import SearchAlgorithms
import Studies

extension Origin {
  /// Only the members that it has.
  var json: JSONValue {
    var object = JSONObject([("kind", .string(kind))])
    if let restart { object["restart"] = .number(Double(restart)) }
    if let centre { object["centre"] = .number(Double(centre)) }
    if let axis { object["axis"] = .string(axis) }
    if let direction { object["direction"] = .string(direction) }
    return .object(object)
  }

  init(json: JSONValue) {
    self.init(
      kind: json["kind"]?.stringValue ?? "", restart: json["restart"]?.integerValue,
      centre: json["centre"]?.integerValue, axis: json["axis"]?.stringValue, direction: json["direction"]?.stringValue)
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
