/// Every point that may be tried: the parameters, in the one order used everywhere (by the bytes of their names).
///
/// Conditions make them a forest: a parameter is a child of the one that its condition names. A condition on a name that is
/// no parameter of the space always holds. Parameters whose conditions form a circle are never present.
public struct ParameterSpace: Sendable, Hashable {
  /// The parameters, sorted by the bytes of their names.
  public let parameters: [Parameter]
  /// The places of the parameters that have no condition to meet, ascending.
  let roots: [Int]
  /// By place: the places of the parameters whose conditions name it, ascending.
  let children: [[Int]]
  /// The places of all that can be present, parents before their children.
  public let order: [Int]

  /// Makes a space; sorts the parameters.
  public init(_ parameters: [Parameter]) {
    let sorted = parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let places = Dictionary(sorted.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var roots: [Int] = []
    var children = [[Int]](repeating: [], count: sorted.count)
    for (place, parameter) in sorted.enumerated() {
      if let parent = parameter.condition.flatMap({ places[$0.parameter] }) {
        children[parent].append(place)
      } else {
        roots.append(place)
      }
    }
    var order = roots
    var next = 0
    while next < order.count {
      order += children[order[next]]
      next += 1
    }
    self.parameters = sorted
    self.roots = roots
    self.children = children
    self.order = order
  }

  /// Whether some parameters decide about others, so that not every point has all.
  public var isConditional: Bool { parameters.contains { $0.condition != nil || $0.isStructural } }

  /// The parameter at a place decides about others, and varies slowest in the grid.
  func decides(_ place: Int) -> Bool { parameters[place].isStructural || !children[place].isEmpty }

  /// The point that has exactly the parameters that are present in it; `value` is asked for each, parents first.
  func point(valuedBy value: (_ place: Int) -> ParameterValue) -> Point {
    var point = Point()
    var isRoot = [Bool](repeating: false, count: parameters.count)
    for root in roots { isRoot[root] = true }
    for place in order {
      let parameter = parameters[place]
      if isRoot[place] || parameter.condition.map({ $0.isMet(by: point[$0.parameter]) }) ?? true {
        point[parameter.name] = value(place)
      }
    }
    return point
  }

  /// A point drawn by keys: each present parameter by a key of its own.
  public func point(drawnBy generator: (_ parameter: Int) -> KeyedGenerator, at index: UInt64) -> Point {
    point { parameters[$0].domain.value(drawnBy: generator($0), at: index) }
  }
}
