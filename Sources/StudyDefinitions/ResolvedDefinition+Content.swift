extension ResolvedDefinition {
  /// Why nothing more can be trained where the data set's content is not there any more, and what to do; the end of a
  /// sentence.
  public var goneContent: String {
    "data set \(dataset) no longer has the content that the study used; add that content again first."
  }
}
