/// The points of a space as mixed-radix numbers from 0: the product is never built.
///
/// Parameters that decide about others vary slowest, each of their values with the product of the parameters present in
/// it, so that no point is counted twice. Of the others the first varies fastest.
public struct Grid: Sendable {
  private let space: ParameterSpace
  /// By place: how many levels the parameter has.
  private let radices: [UInt64]
  /// By place: how many points it and all below it have.
  private let sizes: [UInt64]
  /// By place: its levels by the children that are present with them, which are named by place.
  private let runs: [[Condition.Run]]

  /// How many points there are, at most 2⁶⁴ − 1.
  public let count: UInt64
  /// Whether there are more points than `count` can say.
  public var isSaturated: Bool { count == .max }

  /// The grid of a space, or nil where a parameter has none.
  public init?(_ space: ParameterSpace) {
    let radices = space.parameters.compactMap(\.domain.levelCount)
    guard radices.count == space.parameters.count else { return nil }
    var sizes = radices
    var runs = [[Condition.Run]](repeating: [], count: radices.count)
    for place in space.order.reversed() where space.decides(place) {
      let children = space.children[place]
      let conditions = children.compactMap { space.parameters[$0].condition }
      runs[place] = Condition.runs(of: space.parameters[place].domain, by: conditions).map {
        Condition.Run(first: $0.first, count: $0.count, met: $0.met.map { children[$0] })
      }
      sizes[place] = runs[place].reduce(0) { sum, run in
        Self.sum(sum, Self.product([run.count] + run.met.map { sizes[$0] }))
      }
    }
    self.space = space
    self.radices = radices
    self.sizes = sizes
    self.runs = runs
    count = Self.product(space.roots.map { sizes[$0] })
  }

  /// The point of an index below `count`. O(parameters · runs of those that decide).
  public func point(at index: UInt64) -> Point {
    var rest = index
    var point = Point()
    var open = space.roots
    while let place = takeDeciding(from: &open) {
      let others = Self.product(open.map { sizes[$0] })
      for run in runs[place] {
        let each = Self.product([others] + run.met.map { sizes[$0] })
        let all = Self.product([each, run.count])
        guard rest < all || all == .max else {
          rest -= all
          continue
        }
        point[space.parameters[place].name] = space.parameters[place].domain.level(at: run.first + rest / each)
        rest %= each
        open += run.met
        break
      }
    }
    for place in open.sorted() {
      point[space.parameters[place].name] = space.parameters[place].domain.level(at: rest % radices[place])
      rest /= radices[place]
    }
    return point
  }

  /// The index of a point; nil where it is none of the grid's, or beyond what 64 bits count.
  public func index(of point: Point) -> UInt64? {
    var start: UInt64 = 0
    var open = space.roots
    var met = 0
    while let place = takeDeciding(from: &open) {
      guard let level = level(of: place, in: point) else { return nil }
      met += 1
      let others = Self.product(open.map { sizes[$0] })
      for run in runs[place] {
        let before = min(level - run.first, run.count)
        let each = Self.product([others] + run.met.map { sizes[$0] })
        // A size that is not known exactly can only be passed over where none of it comes before.
        guard before == 0 || each < .max, let sum = Self.exactSum(start, of: each, times: before) else { return nil }
        start = sum
        if before < run.count {
          open += run.met
          break
        }
      }
    }
    guard point.values.count == met + open.count else { return nil }
    var index: UInt64 = 0
    for place in open.sorted().reversed() {
      guard let level = level(of: place, in: point), let sum = Self.exactSum(level, of: index, times: radices[place])
      else { return nil }
      index = sum
    }
    return Self.exactSum(start, of: index, times: 1)
  }

  private func level(of place: Int, in point: Point) -> UInt64? {
    let parameter = space.parameters[place]
    return point[parameter.name].flatMap(parameter.domain.index(of:))
  }

  /// The first of the open places that decides about others.
  private func takeDeciding(from open: inout [Int]) -> Int? {
    open.firstIndex(where: space.decides).map { open.remove(at: $0) }
  }

  private static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  private static func product(_ factors: [UInt64]) -> UInt64 {
    factors.reduce(1) { product, factor in
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : next
    }
  }

  /// a + b · c, or nil where that is too large.
  private static func exactSum(_ a: UInt64, of b: UInt64, times c: UInt64) -> UInt64? {
    let (product, overflow) = b.multipliedReportingOverflow(by: c)
    let (sum, overflowToo) = product.addingReportingOverflow(a)
    return overflow || overflowToo ? nil : sum
  }
}

extension ParameterSpace {
  /// How many points the grid has, `Int.max` where there are more; nil where a range has no grid.
  public var gridSize: Int? { Grid(self).map { Int(clamping: $0.count) } }
}
