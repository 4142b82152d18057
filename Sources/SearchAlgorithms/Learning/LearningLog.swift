import SearchSpace

/// The trials of a search that learns, from index 0: the points of all that were handed out, and the outcomes of the first.
/// What was tried before the study comes first.
///
/// Values are losses: smaller is better, a metric to maximise is negated.
struct LearningLog: Sendable {
  /// What came of a trial.
  enum Outcome: Sendable, Hashable {
    /// It completed; `tie` decides between equal losses, smaller is better, nil where there is none.
    case loss(Double, tie: Double?)
    /// It was stopped early, with its last loss where that is known.
    case pruned(Double?)
    /// It has no value: infeasible, or failed.
    case none

    /// The loss of a completed trial; nil of every other.
    var loss: Double? { if case .loss(let loss, _) = self { loss } else { nil } }
    /// What decides between it and equal losses; nil where there is nothing.
    var tie: Double? { if case .loss(_, let tie) = self { tie } else { nil } }
  }

  /// The axes of the points.
  let axes: AxisRanks
  /// Whether larger metrics are better.
  let maximize: Bool
  /// The ranks of all points, one point after another.
  private(set) var ranks: [Double] = []
  /// The outcomes of the first trials, in order.
  private(set) var outcomes: [Outcome] = []
  /// The losses of the completed ones, ascending.
  private(set) var sortedLosses: [Double] = []
  /// Their ties, ascending.
  private(set) var sortedTies: [Double] = []
  private var indices: [PointFingerprint: Int] = [:]
  /// The places in the grid of the points that have a trial, ascending; empty where the grid has no places.
  private var places: [UInt64] = []

  /// An empty log.
  init(axes: AxisRanks, maximize: Bool) {
    self.axes = axes
    self.maximize = maximize
  }

  /// How many trials were handed out.
  var count: Int { ranks.count / axes.count }
  /// Of how many, from the first, the outcome is known.
  var told: Int { outcomes.count }
  /// How many of them the search suggested itself.
  private(set) var suggested = 0
  /// How many were tried before the study.
  private(set) var prior = 0

  /// The number of a trial, from 1; of what was tried before the study, from 0 down.
  func number(of index: Int) -> Int { index + 1 - prior }

  /// The index of a trial's number.
  func index(ofNumber number: Int) -> Int { number - 1 + prior }

  /// The ranks of a trial's point.
  func ranks(of index: Int) -> ArraySlice<Double> { ranks[index * axes.count..<(index + 1) * axes.count] }

  /// The point of a trial.
  func point(of index: Int) -> RankedPoint { RankedPoint(Array(ranks(of: index))) }

  /// The loss of a trial; nil where it did not complete, or nothing is known yet.
  func loss(of index: Int) -> Double? { index < told ? outcomes[index].loss : nil }

  /// The first trial of a point; nil where it has none.
  func index(of point: RankedPoint) -> Int? { indices[axes.fingerprint(of: point)] }

  /// Whether a point has a trial.
  func hasSeen(_ point: RankedPoint) -> Bool { index(of: point) != nil }

  /// Whether the point of a fingerprint has a trial.
  func hasSeen(_ print: PointFingerprint) -> Bool { indices[print] != nil }

  /// Whether every point of the space has a trial.
  var isExhausted: Bool { axes.pointCount.map { UInt64(places.count) >= $0 } ?? false }

  /// Records the point of the next trial, which the search suggested. O(trials) at most, mostly O(axes).
  mutating func register(_ point: Point) {
    suggested += 1
    admit(point)
  }

  /// Records what was tried before the study; nothing else may have been recorded before.
  mutating func begin(with tried: PriorPoint) {
    admit(tried.point)
    observe(tried.outcome)
    prior += 1
  }

  /// Records the point of the next trial, which the search did not suggest. O(trials) at most, mostly O(axes).
  mutating func admit(_ point: Point) {
    let ranked = axes.ranks(of: point)
    let isNew = indices.updateValueIfAbsent(count, at: axes.fingerprint(of: ranked))
    ranks += ranked.ranks
    guard isNew, axes.pointCount != nil, let place = axes.grid?.index(of: point) else { return }
    places.insert(place, at: places.insertionPlace(of: place))
  }

  /// Records the outcome of the next trial in order. O(trials) at most.
  mutating func observe(_ outcome: ObservedOutcome) {
    switch outcome {
    case .completed(let value, let tie):
      let loss = maximize ? -value : value
      sortedLosses.insert(loss, at: sortedLosses.insertionPlace(of: loss))
      if let tie { sortedTies.insert(tie, at: sortedTies.insertionPlace(of: tie)) }
      outcomes.append(.loss(loss, tie: tie))
    case .pruned(let value, _): outcomes.append(.pruned(value.map { maximize ? -$0 : $0 }))
    case .infeasible, .failed: outcomes.append(.none)
    }
  }

  /// The log as it was when the outcomes of the first `count` trials alone were known.
  func known(_ count: Int) -> LearningLog {
    if count >= told { return self }
    var log = self
    log.outcomes = Array(outcomes[..<count])
    log.sortedLosses = log.outcomes.compactMap(\.loss).sorted()
    log.sortedTies = log.outcomes.compactMap(\.tie).sorted()
    return log
  }

  /// Every point without a trial, in the grid's order; nil where they are more than `most`, or without a number.
  func allUnseen(atMost most: Int) -> [RankedPoint]? {
    guard let total = axes.pointCount, let grid = axes.grid, total - UInt64(places.count) <= UInt64(most) else {
      return nil
    }
    return (0..<total - UInt64(places.count)).map { axes.ranks(of: grid.point(at: unseenPlace($0))) }
  }

  /// A point without a trial, each as likely: the r-th in the grid's order, r drawn; above 2⁶² points, and over ranges
  /// without a grid, the first draw that has no trial. Nil where there is none.
  func unseenPoint(_ stream: inout SearchStream) -> RankedPoint? {
    guard let total = axes.pointCount, let grid = axes.grid else {
      for _ in 0..<PointOrder.mostTries {
        let point = axes.point { min((stream.uniform() * axes.axes[$0].count).rounded(.down), axes.axes[$0].last) }
        if !hasSeen(point) { return point }
      }
      return nil
    }
    guard !isExhausted else { return nil }
    let left = total - UInt64(places.count)
    let place = unseenPlace(min(UInt64(stream.uniform() * Double(left)), left - 1))
    return axes.ranks(of: grid.point(at: place))
  }

  /// The first point of the grid without a trial; nil where there is none, or no grid.
  var firstUnseenPoint: RankedPoint? {
    guard axes.pointCount != nil, !isExhausted, let grid = axes.grid else { return nil }
    return axes.ranks(of: grid.point(at: unseenPlace(0)))
  }

  /// The place of the r-th point without a trial, from 0.
  private func unseenPlace(_ r: UInt64) -> UInt64 {
    // places[i] − i points without a trial lie before places[i].
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] - UInt64(middle) <= r { low = middle + 1 } else { high = middle }
    }
    return r + UInt64(low)
  }
}

extension Dictionary {
  /// Adds a value where the key has none; whether it did.
  fileprivate mutating func updateValueIfAbsent(_ value: Value, at key: Key) -> Bool {
    guard self[key] == nil else { return false }
    self[key] = value
    return true
  }
}

extension Array where Element: Comparable {
  /// Where an element belongs in an ascending array: how many are smaller.
  func insertionPlace(of element: Element) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
