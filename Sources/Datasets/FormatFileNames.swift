/// How the files of a format are named.
public struct FormatFileNames: Sendable, Hashable {
  /// What names end with, in lower case.
  public var endings: [String]
  /// What can be done with a file of such a name that is not found by itself, without the full stop; nil where every one is.
  public var advice: String?

  /// Names the endings.
  public init(endings: [String], advice: String?) {
    self.endings = endings
    self.advice = advice
  }

  /// Whether a name ends so, in whatever case.
  func fit(_ name: String) -> Bool {
    let lower = name.lowercased()
    return endings.contains { lower.hasSuffix($0) }
  }
}
