import DataFacts

/// Files that are said to be a data set, and what they are found to be.
public struct DatasetExamination: Sendable, Hashable, Codable {
  /// Reads files to their end; what is wrong with them is thrown as a `DatasetError`.
  public typealias Examiner = @Sendable (DatasetExamination) throws -> DatasetFacts

  public var name: String
  public var format: String
  public var scaling: FeatureScaling
  public var files: [DatasetFile]
  public var limits: DatasetLimits
  /// Those for what is brought in now where none are named.
  public var rules: ReadingRules?

  /// Reads the files in this process, whose memory grows by the data set for the time.
  public func perform() throws -> DatasetFacts {
    let format = try DatasetFormats.existing(format)
    let source = DatasetSource(name: name, format: format, files: files, scaling: scaling, rules: rules ?? .current)
    return DatasetFacts(try source.load(limits))
  }
}
