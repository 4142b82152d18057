/// Examples with labels: two parts, the first for training, the second (which may be empty) the data set's own test part.
public struct Dataset: Sendable {
  /// One part: features (N, D) row-major, one row an example, and N labels 0…classes − 1.
  public struct Part: Sendable {
    /// The features, (N, D) row-major; CSV columns are already standardised.
    public var features: Features
    /// The labels, (N).
    public var labels: [Int32]
    /// Makes a part of numbers.
    public init(features: [Float], labels: [Int32]) {
      self.init(features: .numbers(features), labels: labels)
    }
    /// Makes a part of pixels, whose features are pixel / 255.
    public init(pixels: [UInt8], labels: [Int32]) {
      self.init(features: .pixels(pixels), labels: labels)
    }
    private init(features: Features, labels: [Int32]) {
      self.features = features
      self.labels = labels
    }
    /// How many examples.
    public var count: Int { labels.count }
    /// The bytes of memory that it takes.
    var bytes: Int { features.bytes + labels.count * MemoryLayout<Int32>.stride }
  }

  /// The name it is registered under.
  public var name: String
  /// The shape of one example (`[64, 64, 3]`); its product is the number of features D.
  public var shape: [Int]
  /// The classes' names; their number is the number of classes (≥ 2 where there are examples).
  public var classes: [String]
  /// The part for training.
  public var first: Part
  /// The data set's own second part; nil where it has none.
  public var second: Part?
  /// SHA-256 of the content, 64 hexadecimal digits; the same bytes of features, labels and shape give the same.
  public var sha256: String
  /// Where it comes from, for a person (`built-in`, a format and file names).
  public var origin: String
  /// What made features of the files' numbers.
  public var inputScaling: InputScaling
  /// The tried points, where it is a table of results; then both parts and `classes` are empty.
  public var results: ResultsTable?

  /// The bytes of memory that its examples take.
  var bytes: Int { first.bytes + (second?.bytes ?? 0) + (results?.bytes ?? 0) }

  /// The number of features of one example, D.
  public var features: Int { shape.reduce(1, *) }

  /// Makes a data set; the caller has validated shapes and labels. Without `inputScaling`, pixels were divided by 255 and
  /// numbers are as they were.
  public init(
    name: String, shape: [Int], classes: [String], first: Part, second: Part?, sha256: String, origin: String,
    inputScaling: InputScaling? = nil
  ) {
    self.name = name
    self.shape = shape
    self.classes = classes
    self.first = first
    self.second = second
    self.sha256 = sha256
    self.origin = origin
    if let inputScaling {
      self.inputScaling = inputScaling
    } else if case .pixels = first.features {
      self.inputScaling = .pixels
    } else {
      self.inputScaling = .none
    }
  }
}
