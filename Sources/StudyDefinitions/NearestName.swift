import JSONText

/// Finds the name that a person probably meant.
public enum NearestName {
  /// The known name with the smallest edit distance, of equal ones that with the longest common beginning, then the
  /// first; nil where none is near: within a third of the longer one's length, at least one step. The beginning of a name
  /// counts as one step away from it, and so does a longer name that begins with it.
  public static func of(_ name: String, among known: [String]) -> String? {
    // What is longer than any name can be is as far from one as from another; this bounds the work.
    let name = Array(name.utf8.prefix(128))
    let ranked = known.map { known -> (name: String, distance: Int, prefix: Int) in
      let other = Array(known.utf8)
      let isBeginning = min(name.count, other.count) >= 3 && (other.starts(with: name) || name.starts(with: other))
      return (
        known, isBeginning ? min(1, abs(other.count - name.count)) : distance(name, other),
        zip(name, other).prefix { $0 == $1 }.count
      )
    }
    let nearest = ranked.min { ($0.distance, $1.prefix) < ($1.distance, $0.prefix) }
    guard let nearest, nearest.distance < name.count,
      nearest.distance <= max(1, max(name.count, nearest.name.utf8.count) / 3)
    else { return nil }
    return nearest.name
  }

  /// A clause with the known name that is nearest to a name, to end a sentence with; empty where none is near.
  public static func clause(for name: String, among known: [String]) -> String {
    of(name, among: known).map(clause) ?? ""
  }

  static func clause(_ nearest: String) -> String { "; the nearest known one is \(JSONValue.string(nearest).text)" }

  /// Levenshtein's distance in bytes, an exchange of two neighbours counting as one step.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
