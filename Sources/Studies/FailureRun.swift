/// How many of the last trials failed, counted by number over the prefix whose outcomes are all final.
struct FailureRun {
  /// Every trial up to here has an outcome.
  private var prefix = 0
  /// The highest number that was handed out.
  private var highest = 0
  /// The numbers beyond the prefix without an outcome, and those that failed; all others are final and did not.
  private var open: Set<Int> = []
  private var failed: Set<Int> = []
  private(set) var inARow = 0
  private(set) var longest = 0

  /// Begins before the first trial.
  init() {}

  /// Goes on where every trial up to `prefix` has an outcome, the last `inARow` of them failures.
  init(prefix: Int, inARow: Int, highest: Int, open: Set<Int>, failed: Set<Int>) {
    self.prefix = prefix
    self.inARow = inARow
    longest = inARow
    self.highest = highest
    self.open = open
    self.failed = failed
    advance()
  }

  /// A trial got its number, the next one.
  mutating func begin(_ number: Int) {
    highest = number
    open.insert(number)
  }

  /// A trial got its outcome.
  mutating func add(_ number: Int, failed isFailure: Bool) {
    open.remove(number)
    if isFailure { failed.insert(number) }
    advance()
  }

  /// A trial that had failed is tried again.
  mutating func reopen(_ number: Int) {
    failed.remove(number)
    if number > prefix { open.insert(number) }
  }

  private mutating func advance() {
    while prefix < highest, !open.contains(prefix + 1) {
      prefix += 1
      inARow = failed.remove(prefix) != nil ? inARow + 1 : 0
      longest = max(longest, inARow)
    }
  }
}
