import Foundation
import JSONText

/// One metric of `/metrics` (Prometheus text format 0.0.4).
public struct Metric: Sendable {
  /// Whether it only ever rises.
  public enum Kind: String, Sendable { case counter, gauge }

  /// One value with its labels.
  public struct Sample: Sendable {
    var labels: [(String, String)]
    var value: Double
    /// Makes a sample.
    public init(_ labels: [(String, String)], _ value: Double) {
      self.labels = labels
      self.value = value
    }
  }

  private let name: String
  private let help: String
  private let kind: Kind
  private let samples: [Sample]

  /// Makes a metric.
  public init(_ name: String, _ help: String, _ kind: Kind, _ samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }

  var text: String {
    var lines = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    for sample in samples {
      let labels = sample.labels.map { "\($0)=\"\(Self.escape($1))\"" }.joined(separator: ",")
      lines += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(JSONNumber.text(sample.value))\n"
    }
    return lines
  }

  private static func escape(_ text: String) -> String {
    text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
      .replacingOccurrences(of: "\n", with: "\\n")
  }
}
