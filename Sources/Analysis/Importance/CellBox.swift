/// The points that one leaf of a tree is about: of each axis the cells that it has.
struct CellBox: Sendable {
  /// By place: from this cell up to but not the other, of an axis with an order.
  var low: [Int]
  var high: [Int]
  /// By place: the categories, of an axis without order.
  var categories: [CategorySet]
  /// By place: whether points without the parameter are among them.
  var takesAbsent: [Bool]

  /// All points.
  init(_ space: CellSpace) {
    low = space.axes.map { _ in 0 }
    high = space.axes.map(\.count)
    categories = space.axes.map { CategorySet(below: $0.isOrdered ? 0 : $0.count) }
    takesAbsent = space.axes.map { _ in true }
  }

  /// Whether a cell of an axis is in the box.
  func has(_ cell: Int, of place: Int, isOrdered: Bool) -> Bool {
    isOrdered ? low[place] <= cell && cell < high[place] : categories[place].contains(cell)
  }
}

/// A set of categories below 128.
struct CategorySet: Sendable, Hashable {
  private var lower: UInt64 = 0
  private var upper: UInt64 = 0

  init() {}

  /// All below a bound.
  init(below bound: Int) { for category in 0..<bound { insert(category) } }

  mutating func insert(_ category: Int) {
    if category < 64 { lower |= 1 << UInt64(category) } else { upper |= 1 << UInt64(category - 64) }
  }

  func contains(_ category: Int) -> Bool {
    (category < 64 ? lower >> UInt64(category) : upper >> UInt64(category - 64)) & 1 == 1
  }

  func intersection(_ other: CategorySet) -> CategorySet {
    var both = self
    both.lower &= other.lower
    both.upper &= other.upper
    return both
  }

  func subtracting(_ other: CategorySet) -> CategorySet {
    var rest = self
    rest.lower &= ~other.lower
    rest.upper &= ~other.upper
    return rest
  }
}
