import JSONText
import SearchSpace

/// A point that was tried before the study, and its value.
public struct TriedPoint: Sendable, Hashable {
  /// The point; a number may lie between two levels.
  public var point: Point
  /// The objective.
  public var value: Double

  /// Makes one.
  public init(point: Point, value: Double) {
    self.point = point
    self.value = value
  }

  /// The form that `resolved` has.
  var json: JSONValue { ["parameters": point.json, "value": .number(value)] }

  init(json: JSONValue, space: ParameterSpace) throws(StoredFormError) {
    guard let parameters = json["parameters"], let value = json["value"]?.numberValue else {
      throw StoredFormError(detail: "A tried point must have parameters and a value.")
    }
    self.init(point: try Point(json: parameters, space: space), value: value)
  }
}
