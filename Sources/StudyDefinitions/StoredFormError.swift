/// Why a stored or shown JSON value is not what it should be.
public struct StoredFormError: Error, Sendable, Hashable {
  /// One sentence.
  public var detail: String
  /// Makes the error.
  public init(detail: String) { self.detail = detail }
}
