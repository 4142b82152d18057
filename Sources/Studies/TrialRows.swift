/// Trials as the store has them, for answers that are too long for a value of each: texts lie one after another in one
/// block and are not read, and times are milliseconds since 1970.
public struct TrialRows: Sendable, Hashable {
  /// One trial; its texts are ranges of the block.
  public struct Row: Sendable, Hashable {
    public var number: Int
    public var state: Range<Int>
    /// An object: the values tried, in canonical form.
    public var parameters: Range<Int>
    public var value: Double?
    /// A list of numbers.
    public var scores: Range<Int>
    /// An object of numbers.
    public var metrics: Range<Int>
    /// An object: why it was tried.
    public var origin: Range<Int>
    public var error: Range<Int>?
    public var computeSeconds: Double?
    public var createdAt: Int
    public var startedAt: Int?
    public var finishedAt: Int?

    /// Makes a row.
    public init(
      number: Int, state: Range<Int>, parameters: Range<Int>, value: Double?, scores: Range<Int>, metrics: Range<Int>,
      origin: Range<Int>, error: Range<Int>?, computeSeconds: Double?, createdAt: Int, startedAt: Int?, finishedAt: Int?
    ) {
      self.number = number
      self.state = state
      self.parameters = parameters
      self.value = value
      self.scores = scores
      self.metrics = metrics
      self.origin = origin
      self.error = error
      self.computeSeconds = computeSeconds
      self.createdAt = createdAt
      self.startedAt = startedAt
      self.finishedAt = finishedAt
    }
  }

  /// In order of number.
  public var rows: [Row] = []
  /// What the ranges are of: UTF-8, and compact JSON where a row says so.
  public var text: [UInt8] = []
  /// Whether no trial follows.
  public var isLast = true

  /// Makes a page without rows.
  public init() {}

  /// Adds a text to the block, and tells where it lies.
  public mutating func add(_ bytes: some Collection<UInt8>) -> Range<Int> {
    let start = text.count
    text.append(contentsOf: bytes)
    return start..<text.count
  }
}

/// How many studies there are in each state, and how many trials they have in each state.
public struct StudyTotals: Sendable, Hashable {
  public var studies: [StudyState: Int] = [:]
  public var trials: [TrialState: Int] = [:]

  /// Makes totals of nothing.
  public init() {}
}
