/// Where a learning curve is read: eight steps an octave, so that what is read does not depend on where a training ends.
///
/// With mini-batches a reading takes a pass over all examples that the training does not need: then readings lie at least
/// one and a half passes apart.
struct CurveSteps: Sendable, Hashable {
  /// Ascending, up to 2³⁰.
  private let steps: [Int]

  /// Eighths of an octave, in 1024ths: 2^(k/8).
  private static let eighths = [1024, 1117, 1218, 1328, 1448, 1579, 1722, 1878]

  /// The steps of a training on `examples` in batches of `batch` (0: all at once).
  init(batch: Int, examples: Int) {
    let perPass = batch == 0 || batch >= examples ? 0 : (examples + batch - 1) / batch
    let spacing = max(1, (3 * perPass + 1) / 2)
    var steps: [Int] = []
    for octave in 0..<30 {
      for eighth in Self.eighths {
        let step = (eighth << octave) >> 10
        if step - (steps.last ?? 0) >= spacing { steps.append(step) }
      }
    }
    self.steps = steps
  }

  /// The steps beyond `after`, up to and with `last`.
  func between(_ after: Int, _ last: Int) -> [Int] { steps.filter { $0 > after && $0 <= last } }

  /// How many readings a training that ends at `end` has, its end included.
  func count(through end: Int) -> Int { steps.count { $0 < end } + 1 }

  /// Whether a step is one of them.
  func contains(_ step: Int) -> Bool { steps.contains(step) }
}
