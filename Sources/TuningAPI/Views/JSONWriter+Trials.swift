import JSONText
import SearchSpace
import Studies

/// What trials are made of.
extension JSONWriter {
  /// The values of a point, in the order of parameters.
  mutating func write(_ point: Point) {
    object { writer in
      for (name, value) in point.values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        switch value {
        case .integer(let value): writer.member(name, value)
        case .real(let value): writer.member(name, value)
        case .boolean(let value): writer.member(name, value)
        case .string(let value): writer.member(name, value)
        }
      }
    }
  }

  /// Metrics in order of name.
  mutating func write(_ metrics: [String: Double]) {
    object { writer in
      for (name, value) in metrics.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
    }
  }

  /// The points of a learning curve.
  mutating func write(_ curve: [CurvePoint]) {
    array(of: curve) { point, writer in
      writer.object { writer in
        writer.member("step", point.step)
        writer.name("metrics")
        writer.write(point.metrics)
      }
    }
  }
}
