import Foundation
import HTTPMessages
import JSONText

/// Times as the contract shows them: RFC 3339 in UTC with milliseconds.
enum Timestamp {
  static func text(_ date: Date) -> String {
    var bytes: [UInt8] = []
    append(milliseconds: Int((date.timeIntervalSince1970 * 1000).rounded()), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the time of a number of milliseconds since 1970.
  static func append(milliseconds: Int, to bytes: inout [UInt8]) {
    let days = (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000
    let rest = milliseconds - days * 86_400_000
    let date = CivilDate(daysSince1970: days)
    // No clock shows a year that has not four digits.
    append(date.year / 100, to: &bytes)
    append(date.year % 100, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(date.month, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(date.day, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    append(rest / 3_600_000, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(rest / 60_000 % 60, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(rest / 1000 % 60, to: &bytes)
    bytes.append(UInt8(ascii: "."))
    append(rest % 1000 / 10, to: &bytes)
    bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
    bytes.append(UInt8(ascii: "Z"))
  }

  /// Two digits.
  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10 % 10))
    bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
  }
}

extension JSONWriter {
  /// Writes a member that is a time, or null.
  mutating func member(_ name: String, _ value: Date?) { member(name, value.map(Timestamp.text)) }
}
