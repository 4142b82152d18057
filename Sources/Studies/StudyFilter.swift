import ExactText
import Foundation

/// Which studies to list.
public struct StudyFilter: Sendable, Hashable {
  /// These states; empty means all.
  public var states: Set<StudyState> = []
  /// All of these labels.
  public var labels: [ExactText: ExactText] = [:]
  /// Labels of these names, whatever their values.
  public var labelNames: [ExactText] = []
  public var dataset: String?
  public var algorithm: String?
  /// Makes a filter that lets all through.
  public init() {}
}

/// Where the next page of studies begins: newest first, by time of creation and identity.
public struct StudyKey: Sendable, Hashable {
  public var createdAt: Date
  public var id: UUID
  /// Makes a key.
  public init(createdAt: Date, id: UUID) {
    self.createdAt = createdAt
    self.id = id
  }
}
