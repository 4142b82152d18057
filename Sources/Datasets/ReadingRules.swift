/// By which rules files are read; a data set that was brought in keeps those by which it was accepted, so that its content
/// stays what studies know.
public enum ReadingRules: Int, Sendable, Hashable, Codable {
  /// Labels and names as they are, equal in any Unicode normal form; only a column of one value is constant.
  case first = 1
  /// Labels and names without white space at their ends, equal code point by code point; labels that say that they are
  /// missing, and those of a regression, are faults; a column that is constant but for rounding is constant.
  case second = 2

  /// Those for what is brought in now.
  public static let current = ReadingRules.second
}
