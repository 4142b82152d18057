/// A data set without its examples: what lists show of it, and what a definition is held against.
public struct DatasetFacts: Sendable, Hashable, Codable {
  /// The name it is registered under.
  public var name: String
  /// Examples of the first part, or rows of a table of results.
  public var examples: Int
  /// Examples of the second part; 0 where there is none.
  public var secondPartExamples: Int
  /// The shape of one example.
  public var shape: [Int]
  /// The classes' names.
  public var classes: [String]
  /// How many examples of the first part each class has.
  public var examplesPerClass: [Int]
  /// How many examples of the second part each class has; empty where there is none.
  public var secondPartExamplesPerClass: [Int]
  /// SHA-256 of the content, 64 hexadecimal digits.
  public var sha256: String
  /// Where it comes from, for a person.
  public var origin: String
  /// The columns in the order of the file, where it is a table of results; nil where it has examples.
  public var columns: [ResultsColumn]?

  /// Whether it is a table of results, which has no examples.
  public var isResults: Bool { columns != nil }

  /// The number of features of one example.
  public var features: Int { shape.reduce(1, *) }

  /// Makes the facts.
  public init(
    name: String, examples: Int, secondPartExamples: Int, shape: [Int], classes: [String], examplesPerClass: [Int],
    secondPartExamplesPerClass: [Int] = [], sha256: String, origin: String
  ) {
    self.name = name
    self.examples = examples
    self.secondPartExamples = secondPartExamples
    self.shape = shape
    self.classes = classes
    self.examplesPerClass = examplesPerClass
    self.secondPartExamplesPerClass = secondPartExamplesPerClass
    self.sha256 = sha256
    self.origin = origin
  }
}
