import Digests

/// What a format reads: examples, their shape and classes, not yet named.
public struct DatasetContent: Sendable {
  /// The shape of one example.
  public var shape: [Int]
  /// The classes' names, in the order of the labels.
  public var classes: [String]
  /// The part for training.
  public var first: Dataset.Part
  /// The data set's own second part.
  public var second: Dataset.Part?
  /// What made features of the files' numbers; nil is what the first part's kind says.
  public var inputScaling: InputScaling?
  /// The tried points, where it is a table of results; then there are no examples.
  public var results: ResultsTable?

  /// Makes a content that has been validated.
  public init(
    shape: [Int], classes: [String], first: Dataset.Part, second: Dataset.Part?, inputScaling: InputScaling? = nil
  ) {
    self.shape = shape
    self.classes = classes
    self.first = first
    self.second = second
    self.inputScaling = inputScaling
  }

  /// Makes a content of a table of results.
  public init(results: ResultsTable) {
    self.init(shape: [], classes: [], first: Dataset.Part(features: [], labels: []), second: nil)
    self.results = results
  }

  /// The data set with a name and an origin; this is where the content is hashed.
  public func dataset(name: String, origin: String) -> Dataset {
    var dataset = Dataset(
      name: name, shape: shape, classes: classes, first: first, second: second, sha256: sha256, origin: origin,
      inputScaling: inputScaling)
    dataset.results = results
    return dataset
  }

  /// SHA-256 of a canonical stream: a tag; the shape's and the classes' lengths and members (texts as length and
  /// UTF-8); how many parts; for each its count, its features' bits in single precision and its labels. Lengths and counts are 64-bit,
  /// everything is little-endian. A table of results has a stream of its own.
  public var sha256: String {
    if let results { return results.sha256 }
    var head = Array("cairn data set 1\n".utf8)
    func append(_ number: Int) {
      withUnsafeBytes(of: UInt64(number).littleEndian) { head.append(contentsOf: $0) }
    }
    append(shape.count)
    for length in shape { append(length) }
    append(classes.count)
    for name in classes {
      append(name.utf8.count)
      head.append(contentsOf: name.utf8)
    }
    let parts = [first] + (second.map { [$0] } ?? [])
    append(parts.count)
    var hash = SHA256()
    for part in parts {
      append(part.count)
      head.withUnsafeBytes { hash.update($0) }
      head.removeAll()
      DatasetContent.feed(part, to: &hash)
    }
    return hash.finalize()
  }

  private static func feed(_ part: Dataset.Part, to hash: inout SHA256) {
    // A piece at a time, so that the single-precision copy of a large part is never whole in memory beside it.
    var piece: [Float] = []
    for start in stride(from: 0, to: part.features.count, by: 1 << 16) {
      part.features.read(start..<min(start + 1 << 16, part.features.count), into: &piece)
      #if _endian(little)
        piece.withUnsafeBytes { hash.update($0) }
      #else
        piece.map { $0.bitPattern.littleEndian }.withUnsafeBytes { hash.update($0) }
      #endif
    }
    #if _endian(little)
      part.labels.withUnsafeBytes { hash.update($0) }
    #else
      part.labels.map { $0.littleEndian }.withUnsafeBytes { hash.update($0) }
    #endif
  }
}
