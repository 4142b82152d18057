/// The preferred form of dates in HTTP (RFC 9110, section 5.6.7), as in `Sun, 06 Nov 1994 08:49:37 GMT`.
public enum IMFFixdate {
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// The date of a number of seconds since 1970, not negative; 29 ASCII bytes up to the year 9999.
  public static func bytes(secondsSince1970 seconds: Int) -> [UInt8] {
    let days = seconds / 86_400
    let second = seconds % 86_400
    let date = CivilDate(daysSince1970: days)
    var text: [UInt8] = []
    text.reserveCapacity(29)
    text += "\(weekdays[days % 7]), ".utf8
    append(date.day, &text)
    text += " \(months[date.month - 1]) ".utf8
    append(date.year / 100, &text)
    append(date.year % 100, &text)
    text.append(Byte.space)
    append(second / 3600, &text)
    text.append(Byte.colon)
    append(second / 60 % 60, &text)
    text.append(Byte.colon)
    append(second % 60, &text)
    text += " GMT".utf8
    return text
  }

  /// The seconds since 1970 of a date in this form; nil for any other text, and for years before 1970.
  public static func seconds(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      bytes[range].allSatisfy(\.isDigit) ? bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
    }
    guard bytes.count == 29, let day = number(5..<7), let year = number(12..<16), year >= 1970, day >= 1,
      let month = months.firstIndex(where: { bytes[8..<11].elementsEqual($0.utf8) }),
      let hour = number(17..<19), let minute = number(20..<22), let second = number(23..<25)
    else { return nil }
    // The days before a year, and before a month of one that begins in March: the way of `CivilDate`, backwards.
    let (shiftedYear, shiftedMonth) = month < 2 ? (year - 1, month + 10) : (year, month - 2)
    let days = shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
    let total = (days + (shiftedMonth * 153 + 2) / 5 + day - 1 - 719_468) * 86_400 + hour * 3600 + minute * 60 + second
    // Written again it must be the same: that judges the weekday, the marks, and the 31st of a short month.
    return total >= 0 && self.bytes(secondsSince1970: total) == bytes ? total : nil
  }

  private static func append(_ value: Int, _ text: inout [UInt8]) {
    text.append(0x30 + UInt8(value / 10))
    text.append(0x30 + UInt8(value % 10))
  }
}
