import Foundation

/// The comparison that a study was made for, and which of its studies it is.
public struct ComparisonPlace: Sendable, Hashable {
  /// The comparison's identity.
  public var comparison: UUID
  /// From 0, in the order of `ResolvedComparison`.
  public var place: Int

  /// Makes one.
  public init(comparison: UUID, place: Int) {
    self.comparison = comparison
    self.place = place
  }
}
