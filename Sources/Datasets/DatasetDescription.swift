/// A data set for a list: all but the examples.
public struct DatasetDescription: Sendable, Hashable, Codable {
  /// The name.
  public var name: String
  /// Examples of the first part.
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
  /// Where it comes from.
  public var origin: String

  /// Describes a data set.
  public init(_ dataset: Dataset) {
    name = dataset.name
    examples = dataset.first.count
    secondPartExamples = dataset.second?.count ?? 0
    shape = dataset.shape
    classes = dataset.classes
    let none = Array(repeating: 0, count: classes.count)
    examplesPerClass = dataset.first.labels.reduce(into: none) { $0[Int($1)] += 1 }
    secondPartExamplesPerClass = dataset.second?.labels.reduce(into: none) { $0[Int($1)] += 1 } ?? []
    sha256 = dataset.sha256
    origin = dataset.origin
  }
}

/// A file or data set that was found but cannot be used, and why.
public struct DatasetProblem: Sendable, Hashable {
  /// The data set's name, or the file's where it gives no name.
  public var name: String
  /// One sentence for a person.
  public var message: String
}
