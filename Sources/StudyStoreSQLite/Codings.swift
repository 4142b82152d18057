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

/// A curve as one value: for each point its step and its metrics as little-endian doubles, NaN where one has none.
enum CurveCoding {
  static func encode(_ points: [CurvePoint]) -> (names: String, points: Data) {
    let names = Set(points.flatMap(\.metrics.keys)).sorted()
    var data = Data(capacity: points.count * (names.count + 1) * 8)
    for point in points {
      for number in [Double(point.step)] + names.map({ point.metrics[$0] ?? .nan }) {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    return (JSONValue.array(names.map { .string($0) }).text, data)
  }

  static func decode(names: String, points: Data) throws -> [CurvePoint] {
    let names = try JSONValue(parsing: Array(names.utf8)).arrayValue?.compactMap(\.stringValue) ?? []
    let numbers = points.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map {
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
      }
    }
    let width = names.count + 1
    return stride(from: 0, to: numbers.count, by: width).map { start in
      let metrics = zip(names, numbers[(start + 1)..<(start + width)]).filter { !$1.isNaN }
      return CurvePoint(step: Int(numbers[start]), metrics: Dictionary(uniqueKeysWithValues: metrics))
    }
  }
}
