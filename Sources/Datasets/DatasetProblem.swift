/// A file or data set that was found but cannot be used, and why.
public struct DatasetProblem: Sendable, Hashable {
  /// The data set's name, or the file's where it gives no name.
  public var name: String
  /// One sentence for a person.
  public var message: String
}
