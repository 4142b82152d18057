import SearchAlgorithms
import SearchSpace

/// A problem whose every point is known: a search can be run on it thousands of times for nothing.
///
/// Smaller losses are better. A table has one or more instances, which share their axes.
public struct SearchTable: Sendable {
  /// One axis of the grid.
  public struct Axis: Sendable, Hashable {
    /// The parameter's name.
    public var name: String
    /// The levels: numbers in ascending order, or what only tells categories apart.
    public var levels: [Double]
    /// Whether the levels are categories.
    public var isCategorical: Bool

    /// Makes an axis.
    public init(_ name: String, _ levels: [Double], isCategorical: Bool = false) {
      self.name = name
      self.levels = levels
      self.isCategorical = isCategorical
    }

    /// A level as a search sees it: a number, or the name of a category.
    func value(_ level: Int) -> ParameterValue {
      let number = levels[level]
      if isCategorical { return .string("category \(level)") }
      return number == number.rounded() && number.magnitude < 1e15 ? .integer(Int(number)) : .real(number)
    }
  }

  /// The table's name.
  public let name: String
  /// The axes; the last one varies fastest in `losses`.
  public let axes: [Axis]
  /// How many instances there are.
  public let instances: Int
  /// The losses, instance after instance.
  public let losses: [Double]
  /// What decides between equal losses, of the shape of `losses`; empty where nothing does.
  public let ties: [Double]
  /// The search space.
  public let space: ParameterSpace
  /// By axis: its parameter's domain.
  private let domains: [Parameter.Domain]
  /// By instance: the loss that the best 1 % of its points reach.
  public let targets: [Double]

  /// Makes a table; `losses` has instances · product of the level counts.
  public init(_ name: String, axes: [Axis], instances: Int, losses: [Double], ties: [Double] = []) {
    let size = axes.reduce(1) { $0 * $1.levels.count }
    precondition(losses.count == instances * size && (ties.isEmpty || ties.count == losses.count), "\(name): the shape")
    self.name = name
    self.axes = axes
    self.instances = instances
    self.losses = losses
    self.ties = ties
    let domains = axes.map { axis -> Parameter.Domain in
      let values = axis.levels.indices.map(axis.value)
      return axis.isCategorical ? .categories(values) : .levels(values)
    }
    self.domains = domains
    space = ParameterSpace(zip(axes, domains).map { Parameter(name: $0.name, domain: $1) })
    targets = (0..<instances).map { losses[$0 * size..<($0 + 1) * size].sorted()[(size + 99) / 100 - 1] }
  }

  /// How many points an instance has.
  public var size: Int { losses.count / instances }

  /// What comes of the point at a place; with its tie where that is asked for and the table has ties.
  public func outcome(at place: Int, withTie: Bool) -> ObservedOutcome {
    .completed(value: losses[place], tieBreak: withTie && !ties.isEmpty ? ties[place] : nil)
  }

  /// The place of a point of an instance in `losses`.
  public func place(of point: Point, instance: Int) -> Int {
    zip(axes, domains).reduce(instance) { place, axis in
      guard let value = point[axis.0.name], let level = axis.1.index(of: value) else {
        preconditionFailure("\(name) has no such point")
      }
      return place * axis.0.levels.count + Int(level)
    }
  }
}
