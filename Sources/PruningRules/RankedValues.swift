/// Numbers in ascending order, equal ones each for itself. A copy shares all but the chunks that change later.
///
/// Cost of n numbers: 8 bytes each; O(√n) steps of a few nanoseconds to insert one or to find one by rank.
struct RankedValues: Sendable {
  private static let largestChunk = 512
  /// Ascending within and between chunks; none is empty.
  private var chunks: [[Double]] = []
  private(set) var count = 0

  mutating func insert(_ value: Double) {
    count += 1
    guard !chunks.isEmpty else { return chunks = [[value]] }
    let place = min(chunks.firstPlace { $0[$0.count - 1] >= value }, chunks.count - 1)
    chunks[place].insert(value, at: chunks[place].firstPlace { $0 >= value })
    guard chunks[place].count > Self.largestChunk else { return }
    let half = chunks[place].count / 2
    let upper = Array(chunks[place][half...])
    chunks[place].removeSubrange(half...)
    chunks.insert(upper, at: place + 1)
  }

  /// The number of a rank, from 0.
  subscript(rank: Int) -> Double {
    var rest = rank
    for chunk in chunks {
      if rest < chunk.count { return chunk[rest] }
      rest -= chunk.count
    }
    preconditionFailure("rank \(rank) of \(count) numbers")
  }

  /// How many numbers are below a value.
  func count(below value: Double) -> Int {
    var below = 0
    for chunk in chunks {
      guard chunk[chunk.count - 1] < value else { return below + chunk.firstPlace { $0 >= value } }
      below += chunk.count
    }
    return below
  }

  /// The quantile at a share 0…1, linear between neighbours; nil where there are no numbers.
  ///
  /// Source: R. Hyndman and Y. Fan, Sample quantiles in statistical packages, 1996, definition 7.
  func quantile(_ share: Double) -> Double? {
    guard count > 0 else { return nil }
    let place = share * Double(count - 1)
    let lower = min(Int(place), count - 1)
    guard lower + 1 < count else { return self[lower] }
    let (low, high, part) = (self[lower], self[lower + 1], place - Double(lower))
    return min(max(low * (1 - part) + high * part, low), high)
  }
}

extension Array {
  /// The first place whose element passes, where all after one that passes do too; the end where none does.
  fileprivate func firstPlace(_ passes: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if passes(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
