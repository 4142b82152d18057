import StudyDefinitions

/// One of the two parts of a data set.
public enum DatasetPart: String, Sendable, Hashable, CaseIterable { case first, second }

/// What a trial's networks make of the examples that scored them: those of each fold of its own held-out ones, pooled.
public struct TrialEvaluation: Sendable, Hashable {
  /// An example that got another class than its own.
  public struct Mistake: Sendable, Hashable {
    /// Which of its part, from 0.
    public var index: Int
    /// Which fold's network judged it.
    public var fold: Int
    public var label: Int
    public var predicted: Int
    /// Of every class, in the order of the labels.
    public var probabilities: [Double]
    /// Natural-log cross-entropy.
    public var loss: Double

    /// Makes one.
    public init(index: Int, fold: Int, label: Int, predicted: Int, probabilities: [Double], loss: Double) {
      (self.index, self.fold, self.label, self.predicted) = (index, fold, label, predicted)
      (self.probabilities, self.loss) = (probabilities, loss)
    }
  }

  /// What one network scored when it was trained.
  public struct Fold: Sendable, Hashable {
    public var examples: Int
    public var accuracy: Double
    public var loss: Double

    /// Makes one.
    public init(examples: Int, accuracy: Double, loss: Double) {
      (self.examples, self.accuracy, self.loss) = (examples, accuracy, loss)
    }
  }

  /// How many mistakes are told.
  public static let mostMistakes = 12
  /// The most classes of which every pair is counted.
  public static let mostCounted = 100

  /// The classes' names, in the order of their labels.
  public var classes: [String]
  /// Which part the examples are of.
  public var part: DatasetPart
  /// One where there are no folds.
  public var folds: [Fold]
  /// By label and predicted label: how many examples, row after row; nil where there are too many classes.
  public var confusion: [Int]?
  /// By label: how many examples have it, got it, and got it rightly.
  public var support: [Int]
  public var predicted: [Int]
  public var right: [Int]
  /// Those with the largest loss, the worst first.
  public var mistakes: [Mistake]

  /// Makes an evaluation in which nothing was counted yet.
  public init(classes: [String], part: DatasetPart, folds: [Fold] = []) {
    (self.classes, self.part, self.folds) = (classes, part, folds)
    confusion = classes.count <= Self.mostCounted ? [Int](repeating: 0, count: classes.count * classes.count) : nil
    support = [Int](repeating: 0, count: classes.count)
    (predicted, right, mistakes) = (support, support, [])
  }

  /// Counts an example, and keeps its mistake where it is one of the worst.
  public mutating func count(_ label: Int, as predicted: Int, mistake: () -> Mistake, loss: Double) {
    confusion?[label * classes.count + predicted] += 1
    support[label] += 1
    self.predicted[predicted] += 1
    guard label != predicted else {
      right[label] += 1
      return
    }
    guard mistakes.count < Self.mostMistakes || loss > mistakes.last?.loss ?? 0 else { return }
    let place = mistakes.firstIndex { $0.loss < loss } ?? mistakes.count
    mistakes.insert(mistake(), at: place)
    if mistakes.count > Self.mostMistakes { mistakes.removeLast() }
  }

  /// The fraction right as the trial's metric has it: the mean over folds.
  public var accuracy: Double { folds.reduce(0) { $0 + $1.accuracy } / Double(folds.count) }
  /// The loss as the trial's metric has it: the mean over folds.
  public var loss: Double { folds.reduce(0) { $0 + $1.loss } / Double(folds.count) }

  /// How many examples the kept networks, which compute in double precision, decide otherwise than the training did.
  public var differences: Int {
    let trained = folds.reduce(0) { $0 + Int(($1.accuracy * Double($1.examples)).rounded()) }
    return abs(trained - right.reduce(0, +))
  }
}

/// Judges a trial's networks: a port that another room implements.
public protocol TrialEvaluator: Sendable {
  /// What the networks of one repeat make of the examples that scored them; nil where one of them is not kept. It may take
  /// minutes, and holds no cooperative thread. Throws where the data set cannot be read.
  func evaluation(of trial: Trial, in study: Study, repetition: Int) async throws(StudyError) -> TrialEvaluation?
}

/// A picture: pixels of 0 to 255, (height, width, channels) row-major; one channel is grey, three are red, green and blue.
public struct ExamplePicture: Sendable, Hashable {
  public var width: Int
  public var height: Int
  public var channels: Int
  public var pixels: [UInt8]

  /// Makes a picture.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    (self.width, self.height, self.channels, self.pixels) = (width, height, channels, pixels)
  }

  /// Whether examples of a shape may be pictures.
  public static func isShape(_ shape: [Int]) -> Bool {
    shape.count == 2 || shape.count == 3 && (shape[2] == 1 || shape[2] == 3)
  }
}

/// Shows examples as pictures: a port that another room implements.
public protocol ExamplePictures: Sendable {
  /// An example of a data set, which has it; throws where its examples are not pictures, or it cannot be read.
  func picture(dataset: String, _ part: DatasetPart, _ index: Int) async throws(DatasetRefusal) -> ExamplePicture
}
