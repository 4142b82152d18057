import NumericKernels

/// A trained network: what it takes to score new examples, and nothing of how it was trained.
///
/// Each kind of model has a type of its own, which alone knows of what layers it consists. Whatever keeps networks or asks
/// them about examples knows them as this.
public protocol TrainedNetwork: Sendable {
  /// What a file of such a network is called (`cairn-mlp-1`). No two kinds of model share it, and a change that older
  /// versions cannot read gets a new one.
  static var format: String { get }

  /// How many numbers an example has.
  var features: Int { get }

  /// The logits of one example with `features` numbers, in double precision: one for two classes, else one a class.
  /// O(multiplications of a forward pass).
  func logits(of features: [Double]) -> [Double]

  /// All that a file keeps of it.
  var stored: StoredNetwork { get }

  /// Reads what `stored` gave; nil for anything else, and where layers do not fit each other.
  init?(_ stored: StoredNetwork)
}

extension TrainedNetwork {
  /// The class of one example by its index, and the probability of every class.
  ///
  /// Of two classes it is 1 where the logit is above 0; of more the one with the largest logit, of equal ones the lowest.
  public func prediction(for features: [Double]) -> (label: Int, probabilities: [Double]) {
    Self.prediction(of: logits(of: features))
  }

  /// The class and the probabilities that logits say.
  static func prediction(of logits: [Double]) -> (label: Int, probabilities: [Double]) {
    if logits.count == 1 {
      let probability = Elementary.sigmoid(logits[0])
      return (logits[0] > 0 ? 1 : 0, [1 - probability, probability])
    }
    let top = logits.max() ?? 0
    let powers = logits.map { Elementary.exp($0 - top) }
    let sum = powers.reduce(0, +)
    return (logits.firstIndex(of: top) ?? 0, powers.map { $0 / sum })
  }
}
