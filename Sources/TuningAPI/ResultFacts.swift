import Analysis
import Foundation
import Promises
import Studies
import StudyDefinitions

/// What is known of studies' results, so that no answer works it out again: the examples that trials of older studies are
/// scored on, and what trials scored on what the search never sees, which never change; and which points cannot be told
/// apart from the best at one revision of a study.
final class ResultFacts: Sendable {
  /// How many of each are kept; beyond that all are forgotten, and read again when asked for.
  private static let most = 10_000

  /// As many studies' leaders, which may be a thousand points each.
  private static let mostLeaders = 1000

  private struct Scored: Hashable {
    var study: UUID
    var number: Int
  }

  private let parts = Locked<[UUID: ScoredPart]>([:])
  private let leaders = Locked<[UUID: (revision: Int, found: Leaders)]>([:])
  private let finals = Locked<[Scored: TestScore]>([:])

  /// The examples that the trials of a study are scored on; nil where nobody has found out yet.
  func part(of study: UUID) -> ScoredPart? { parts.withLock { $0[study] } }

  func keep(_ part: ScoredPart, of study: UUID) {
    parts.withLock { parts in
      if parts.count >= Self.most { parts = [:] }
      parts[study] = part
    }
  }

  /// The leaders of a study at a revision; nil where nobody has found out yet.
  func leaders(of study: UUID, revision: Int) -> Leaders? {
    leaders.withLock { $0[study].flatMap { $0.revision == revision ? $0.found : nil } }
  }

  func keep(_ found: Leaders, of study: UUID, revision: Int) {
    leaders.withLock { leaders in
      if leaders.count >= Self.mostLeaders, leaders[study] == nil { leaders = [:] }
      leaders[study] = (revision, found)
    }
  }

  /// What a trial scored at the end, mean over all its networks; nil where nobody has found out yet.
  func final(_ number: Int, of study: UUID) -> TestScore? {
    finals.withLock { $0[Scored(study: study, number: number)] }
  }

  func keep(_ score: TestScore, number: Int, of study: UUID) {
    finals.withLock { finals in
      if finals.count >= Self.most { finals = [:] }
      finals[Scored(study: study, number: number)] = score
    }
  }
}
