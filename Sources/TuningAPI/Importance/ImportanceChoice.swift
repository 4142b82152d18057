import Analysis
import JSONText
import SearchSpace
import Studies
import StudyDefinitions

/// Which trials of a study its importances are computed from: all that have completed, or of a long study runs of them that
/// lie evenly over it, whatever their values are.
struct ImportanceChoice: Sendable {
  /// How many trials of each run are looked at.
  private static let runLength = 8

  /// Whether all points of the grid may have a value, and are few enough to read them all.
  let isWhole: Bool
  /// Whether all completed trials are read.
  let takesAll: Bool
  /// Numbers of trials, in order.
  let runs: [ClosedRange<Int>]

  /// How many trials are read at once.
  var pageSize: Int { isWhole || takesAll ? 1_024 : Self.runLength }

  /// `key`: what the places of the runs are drawn by.
  init(_ space: ParameterSpace, _ counts: TrialCounts, key: some BinaryInteger) {
    let (all, completed) = (counts.numbered, counts.completed)
    let size = space.gridSize ?? .max
    // Further runs of a point are trials, too.
    isWhole = size <= Importance.mostGridPoints && completed >= size && completed <= 2 * Importance.mostGridPoints
    takesAll = completed <= Importance.mostPoints
    guard !isWhole, !takesAll else {
      runs = all > 0 ? [1...all] : []
      return
    }
    let number = Importance.mostPoints / Self.runLength
    let generator = KeyedGenerator(seed: 0, key: [UInt64(truncatingIfNeeded: key)])
    runs = (0..<number).map { place in
      // One run in each of as many parts of the study, at a place of its own, so that no rhythm of a search meets it.
      let (start, end) = (1 + place * all / number, (place + 1) * all / number)
      let room = UInt64(max(1, end - start + 2 - Self.runLength))
      return start + Int(generator.integer(below: room, at: UInt64(place)))...end
    }
  }
}

/// Reads the values of parameters from trials as the store has them.
struct ImportanceColumns: Sendable {
  private let names: [[UInt8]]

  init(_ space: ParameterSpace) { names = space.parameters.map { Array($0.name.utf8) } }

  /// Adds those trials of a page that are not beyond a number.
  func add(_ page: TrialRows, through last: Int, to trials: inout ImportanceTrials) {
    page.text.withUnsafeBufferPointer { text in
      for row in page.rows where row.number <= last {
        guard let value = row.value else { continue }
        let object = CompactJSON.Bytes(rebasing: text[row.parameters])
        var values: [ParameterValue?] = []
        CompactJSON.values(of: object, named: names) { values.append($0.flatMap(Self.value)) }
        trials.add(point: TrialBrief.hash(object), values: values, value: value)
      }
    }
  }

  private static func value(_ bytes: CompactJSON.Bytes) -> ParameterValue? {
    (try? JSONValue(parsing: Array(bytes))).flatMap { ParameterValue(json: $0) }
  }
}
