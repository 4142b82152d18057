import Studies

/// What decides which trials of a long study an answer has room for: gathered row by row, in order of number.
struct TrialMarks: Sendable {
  private let maximize: Bool
  /// How many trials there are.
  private(set) var count = 0
  /// The trials whose value was better than all before them; the last of them is the best.
  private(set) var improvements: [Int] = []
  private var bestValue = Double.nan
  /// The trials that a search moved to: around which later ones were tried.
  private var centres: Set<Int> = []

  init(maximize: Bool) { self.maximize = maximize }

  /// The trials that a search moved to, in order.
  var moves: [Int] { centres.sorted() }

  mutating func add(_ page: TrialRows) {
    count += page.rows.count
    page.text.withUnsafeBufferPointer { text in
      for row in page.rows {
        if let value = row.value, value.isFinite, !(maximize ? value <= bestValue : value >= bestValue) {
          improvements.append(row.number)
          bestValue = value
        }
        if let centre = Self.centre(CompactJSON.Bytes(rebasing: text[row.origin])) { centres.insert(centre) }
      }
    }
  }

  private static func centre(_ origin: CompactJSON.Bytes) -> Int? {
    var members = CompactJSON(origin)
    while let member = members.nextMember() {
      if member.name.elementsEqual("centre".utf8) { return Int(String(decoding: member.value, as: UTF8.self)) }
    }
    return nil
  }

  /// Which trials are kept where about `points` of them may be, and never more than `most`: every improvement, the moves,
  /// and of the others as many as there is room for, evenly spaced.
  func choice(_ points: Int, most: Int) -> TrialChoice {
    let better = Self.spaced(improvements, most)
    let moved = Self.spaced(moves.filter { !better.contains($0) }, most - better.count)
    let kept = Set(better).union(moved)
    return TrialChoice(kept: kept, room: max(0, points - kept.count), others: count - kept.count)
  }

  /// At most `most` of some numbers, evenly spaced, the last among them.
  private static func spaced(_ numbers: [Int], _ most: Int) -> [Int] {
    guard numbers.count > most else { return numbers }
    return (1...max(1, most)).prefix(most).map { numbers[$0 * numbers.count / most - 1] }
  }
}

/// Says of one trial after the other, in order of number, whether it is kept.
struct TrialChoice: Sendable {
  let kept: Set<Int>
  let room: Int
  let others: Int
  private var seen = 0

  init(kept: Set<Int>, room: Int, others: Int) { (self.kept, self.room, self.others) = (kept, room, others) }

  mutating func takes(_ number: Int) -> Bool {
    if kept.contains(number) { return true }
    // A trial that was added since has no place.
    guard seen < others else { return false }
    defer { seen += 1 }
    // ⌊(seen + 1)·room/others⌋ is above ⌊seen·room/others⌋ at `room` places, evenly spaced.
    return room >= others || (seen + 1) * room / others > seen * room / others
  }
}
