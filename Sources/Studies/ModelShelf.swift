import Foundation

/// Which network of which trial: a trial trains one for each repeat and fold, both counted from 0.
public struct ModelKey: Sendable, Hashable {
  public var study: UUID
  public var number: Int
  public var repetition: Int
  public var fold: Int

  /// Makes a key.
  public init(study: UUID, number: Int, repetition: Int = 0, fold: Int = 0) {
    self.study = study
    self.number = number
    self.repetition = repetition
    self.fold = fold
  }
}

/// Of which points a study's models are kept.
public enum KeptModels {
  /// Of how many of its best points.
  public static let points = 10
  /// How many of these are scored on its final part.
  public static let scoredPoints = 3
  /// How many models of other points are kept, the last used.
  public static let others = 40
}

/// A trained model that can be asked about new examples.
public protocol ScoringModel: Sendable {
  /// How many numbers an example has.
  var features: Int { get }
  /// The classes' names, in the order of their labels.
  var classes: [String] { get }

  /// The label of an example, given by its numbers as the data set's files would have them, and the probability of every
  /// class.
  func prediction(for numbers: [Double]) -> (label: Int, probabilities: [Double])
}

/// What a model scores on the part of the examples that the search never sees.
public struct TestScore: Sendable, Hashable {
  /// Fraction right.
  public var accuracy: Double
  /// Mean natural-log cross-entropy.
  public var loss: Double

  /// Makes a score.
  public init(accuracy: Double, loss: Double) {
    self.accuracy = accuracy
    self.loss = loss
  }

  /// The mean over a trial's repeats; nil for none.
  public init?(meanOf scores: [TestScore]) {
    guard !scores.isEmpty else { return nil }
    let count = Double(scores.count)
    accuracy = scores.reduce(0) { $0 + $1.accuracy } / count
    loss = scores.reduce(0) { $0 + $1.loss } / count
  }
}

/// Trained models that are kept: a cache, for each can be trained again, and is then the same.
public protocol ModelShelf: Sendable {
  /// Whether a model is kept.
  func has(_ key: ModelKey) async -> Bool
  /// The file of a model (safetensors); nil where it is not kept.
  func file(_ key: ModelKey) async -> [UInt8]?
  /// The model of that file.
  func model(_ key: ModelKey) async -> (any ScoringModel)?
  /// What a kept model scored on the part that the search never sees; nil where it is not kept, or there is none.
  func testScore(_ key: ModelKey) async -> TestScore?
  /// Removes a study's models except those of some trials and the `others` that were used last.
  func trim(study: UUID, keeping numbers: Set<Int>, others: Int) async
  /// Removes all models of a study.
  func remove(study: UUID) async
  /// The studies that it has models of.
  func studies() async -> [UUID]
}
