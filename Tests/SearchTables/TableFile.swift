import Foundation

/// Tables as files: one line of JSON, then the losses and the ties as 64-bit doubles, little end first.
public enum TableFile {
  /// The first line.
  struct Head: Codable {
    struct Axis: Codable {
      var name: String
      var levels: [Double]
      var categorical: Bool
    }
    var name: String
    var axes: [Axis]
    var instances: Int
    var ties: Bool
  }

  /// A file that is not a table.
  public struct Damaged: Error, CustomStringConvertible {
    /// What is wrong, for a person.
    public var description: String
  }

  /// Reads a table.
  public static func read(_ path: String) throws -> SearchTable {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    guard let end = bytes.firstIndex(of: 10) else { throw Damaged(description: "\(path) has no first line.") }
    let head = try JSONDecoder().decode(Head.self, from: bytes[..<end])
    let size = head.axes.reduce(head.instances) { $0 * $1.levels.count }
    let rest = [UInt8](bytes[(end + 1)...])
    guard size > 0, rest.count == size * (head.ties ? 16 : 8) else {
      throw Damaged(description: "\(path) has \(rest.count) bytes of numbers, which is not what its first line says.")
    }
    let numbers = stride(from: 0, to: rest.count, by: 8).map { start in
      Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(rest[start + $1]) << UInt64(8 * $1) })
    }
    return SearchTable(
      head.name, axes: head.axes.map { .init($0.name, $0.levels, isCategorical: $0.categorical) },
      instances: head.instances, losses: Array(numbers[..<size]), ties: Array(numbers[size...]))
  }

  /// Writes a table.
  public static func write(_ table: SearchTable, to path: String) throws {
    let head = Head(
      name: table.name,
      axes: table.axes.map { .init(name: $0.name, levels: $0.levels, categorical: $0.isCategorical) },
      instances: table.instances, ties: !table.ties.isEmpty)
    var bytes = try JSONEncoder().encode(head)
    bytes.append(10)
    for number in table.losses + table.ties {
      for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(8 * place))) }
    }
    try bytes.write(to: URL(fileURLWithPath: path))
  }
}
