/// Which outcomes a trial waits for where it is judged by the trials before it.
struct HorizonWait: Sendable {
  /// Trial k may lack the outcomes of this many trials before it.
  var parallelism: Int
  /// Every trial up to here has an outcome.
  private var prefix = 0
  /// The numbers beyond it that have one.
  private var beyond: Set<Int> = []

  /// Begins before the first trial.
  init(parallelism: Int) { self.parallelism = parallelism }

  /// A trial got its outcome.
  mutating func add(_ number: Int) {
    guard number > prefix else { return }
    beyond.insert(number)
    while beyond.remove(prefix + 1) != nil { prefix += 1 }
  }

  /// The last trial whose outcome a trial must not lack; 0 where there is none.
  func horizon(of number: Int) -> Int { max(0, number - parallelism) }

  /// The first trial up to a number that has no outcome; nil where all have one.
  func firstOpen(through number: Int) -> Int? {
    guard prefix < number else { return nil }
    return (prefix + 1...number).first { !beyond.contains($0) }
  }
}
