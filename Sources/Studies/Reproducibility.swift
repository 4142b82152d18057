/// Where the promise "same definition, same trials" ends.
public struct Reproducibility: Sendable, Hashable {
  /// The last trial that the promise holds for; nil while it holds for all.
  public var through: Int?
  /// Why it ends; nil while it holds for all.
  public var reason: String?
  /// Makes one; by default all of the promise holds.
  public init(through: Int? = nil, reason: String? = nil) {
    self.through = through
    self.reason = reason
  }
}
