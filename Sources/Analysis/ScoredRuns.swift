import Studies
import StudyDefinitions

/// The scores of a point, by what decides the chance in each.
public struct ScoredRuns: Sendable, Hashable {
  /// What two points' scores may share: the stream of weight seeds, and the fold.
  public struct Key: Sendable, Hashable, Comparable {
    /// replicate · repeats + repeat.
    public var stream: Int
    /// nil where there are none, and where a score is the mean over all.
    public var fold: Int?

    /// Makes one.
    public init(stream: Int, fold: Int? = nil) {
      self.stream = stream
      self.fold = fold
    }

    public static func < (one: Key, other: Key) -> Bool {
      (one.stream, one.fold ?? -1) < (other.stream, other.fold ?? -1)
    }
  }

  /// The number of the point's first trial.
  public var trial: Int
  /// The mean that the point is ranked by.
  public var mean: Double

  private struct Entry: Sendable, Hashable {
    var key: Key
    var score: Double
  }
  /// Keys ascending.
  private var sorted: [Entry]

  /// Makes one.
  public init(trial: Int, mean: Double, scores: [Key: Double]) {
    self.trial = trial
    self.mean = mean
    sorted = scores.map { Entry(key: $0.key, score: $0.value) }.sorted { $0.key < $1.key }
  }

  /// The scores of a point of a study with this definition.
  public init(_ point: RepeatedPoint, _ definition: ResolvedDefinition) {
    var scores: [Key: Double] = [:]
    for run in point.runs {
      for (score, part) in zip(run.scores, definition.parts(ofScores: run.scores.count)) {
        let stream = run.replicate * definition.repeats + part.repetition
        scores[Key(stream: stream, fold: part.fold)] = score
      }
    }
    self.init(trial: point.trial, mean: point.mean, scores: scores)
  }

  /// The differences from another point's scores under the keys that both have. O(scores).
  func differences(from other: ScoredRuns) -> [Double] {
    var found: [Double] = []
    var place = 0
    for entry in sorted {
      while place < other.sorted.count, other.sorted[place].key < entry.key { place += 1 }
      guard place < other.sorted.count else { break }
      if other.sorted[place].key == entry.key { found.append(entry.score - other.sorted[place].score) }
    }
    return found
  }

  /// Only the numbers.
  var values: [Double] { sorted.map(\.score) }
  /// Whether each score is that of a fold.
  var isFolded: Bool { sorted.allSatisfy { $0.key.fold != nil } }
}
