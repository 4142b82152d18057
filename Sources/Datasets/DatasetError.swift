/// What is wrong with a data set, with the place and what would be right.
public struct DatasetError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  /// The sort of fault, for code that decides by it.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// The name is not registered.
    case unknownName
    /// A file is absent, cannot be read, or is no regular file.
    case unreadable
    /// A file is not of its format (wrong magic number, wrong element type, not UTF-8).
    case wrongFormat
    /// A file ends too early.
    case truncated
    /// A file has bytes after its end.
    case trailingBytes
    /// Something needed is not in the file, or a file of a pair is missing.
    case missing
    /// Shapes or counts do not agree.
    case shape
    /// A label is out of range or unknown.
    case label
    /// A feature is not a finite number.
    case value
    /// A part has no examples.
    case emptyPart
    /// A class has no example in the first part.
    case emptyClass
    /// There are fewer than two classes, or more than are supported.
    case classes
    /// There is more data than fits the limits.
    case tooLarge
    /// The files changed since they were first read.
    case changed
    /// A name or an option is not valid.
    case invalid
    /// The name has another content.
    case nameTaken
    /// The data set is not one that can be deleted.
    case fixed
  }

  /// The sort of fault.
  public var kind: Kind
  /// The file, as the person knows it; nil where no file is to blame.
  public var file: String?
  /// The data set inside the file (HDF5) or the column (CSV).
  public var dataset: String?
  /// The row, counted from 1.
  public var row: Int?
  /// What is wrong and what would be right, without the place.
  public var problem: String

  init(_ kind: Kind, file: String? = nil, dataset: String? = nil, row: Int? = nil, _ problem: String) {
    self.kind = kind
    self.file = file
    self.dataset = dataset
    self.row = row
    self.problem = problem
  }

  /// A name that has another content.
  public static func nameTaken(_ name: String) -> DatasetError {
    DatasetError(
      .nameTaken,
      "\"\(name)\" already names a data set with different content; choose another name, or delete it first")
  }

  /// What another process found wrong, in its own sentence.
  public init(foundElsewhere sentence: String) {
    self.init(.invalid, sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence)
  }

  /// One sentence for a person: file, data set, row, what is wrong, what would be right.
  public var message: String {
    var place: [String] = []
    if let file { place.append(file) }
    if let dataset { place.append(dataset) }
    if let row { place.append("row \(row) (counted from 1)") }
    return (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + problem + "."
  }

  /// The message.
  public var description: String { message }
}
