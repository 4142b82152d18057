/// A day of the proleptic Gregorian calendar (H. Hinnant, chrono-compatible low-level date algorithms).
public struct CivilDate: Sendable, Hashable {
  public var year: Int
  /// From 1.
  public var month: Int
  /// From 1.
  public var day: Int

  /// The day that is this many days after 1 January 1970, or before it.
  public init(daysSince1970 days: Int) {
    // Years are counted from March, so that the leap day is the last of its year.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}
