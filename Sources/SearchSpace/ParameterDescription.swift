/// What a catalogue says of one setting: type, range, default and help live here alone.
public struct ParameterDescription: Sendable, Hashable {
  /// The type of a setting, with the range that is allowed.
  public enum Kind: Sendable, Hashable {
    /// A whole number, both ends allowed.
    case integer(minimum: Int, maximum: Int)
    /// One of these whole numbers, ascending.
    case integers([Int])
    /// A real number; a nil end is open to infinity, an exclusive end is not allowed itself.
    case real(minimum: Double, maximum: Double, minimumExclusive: Bool, maximumExclusive: Bool)
    /// One of the names given.
    case categorical([String])
    /// The name of a parameter that the definition tunes.
    case parameterName
  }

  /// The name in definitions (`learning_rate`).
  public var name: String
  /// Type and range.
  public var kind: Kind
  /// The value where neither a constant nor a parameter names it; nil where there is none.
  public var defaultValue: ParameterValue?
  /// One sentence for a person, with the unit.
  public var help: String
  /// Whether `parameters` may name it, to be tuned.
  public var tunable: Bool
  /// Whether it decides which other settings there are; it is tuned by its own type, then, and never as a category.
  public var isStructural: Bool

  /// Makes a description.
  public init(
    name: String, kind: Kind, defaultValue: ParameterValue?, help: String, tunable: Bool = true,
    isStructural: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.help = help
    self.tunable = tunable
    self.isStructural = isStructural
  }
}
