import Datasets

/// The sizes of a data set, which decide what a training on it costs.
public struct DataShape: Sendable, Hashable {
  /// Examples of the first part.
  public var examples: Int
  /// Examples of the second part; 0 where there is none.
  public var secondPartExamples: Int
  /// The shape of one example, as the data set has it: (features), or (height, width, channels).
  public var shape: [Int]
  /// How many classes there are.
  public var classes: Int

  /// Names the sizes.
  public init(examples: Int, secondPartExamples: Int, shape: [Int], classes: Int) {
    self.examples = examples
    self.secondPartExamples = secondPartExamples
    self.shape = shape
    self.classes = classes
  }

  /// Those of a data set.
  public init(_ dataset: Dataset) {
    self.init(
      examples: dataset.first.count, secondPartExamples: dataset.second?.count ?? 0, shape: dataset.shape,
      classes: dataset.classes.count)
  }

  /// Examples of both parts.
  public var allExamples: Int { examples + secondPartExamples }
  /// How many numbers an example has.
  public var features: Int { shape.reduce(1, *) }
}
