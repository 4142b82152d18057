/// The table of results that the trials of a study are looked up in.
public struct TableDefinition: Sendable, Hashable {
  /// The column that says how long a run took, in seconds; it is a metric like any other, too.
  public static let secondsColumn = "compute_seconds"

  /// The data set's name.
  public var dataset: String
  /// The SHA-256 that the data set had when the study was made.
  public var datasetSHA256: String

  /// Makes one.
  public init(dataset: String, datasetSHA256: String) {
    self.dataset = dataset
    self.datasetSHA256 = datasetSHA256
  }
}
