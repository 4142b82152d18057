import SearchSpace

/// The project's own problems, computed from formulas. They use additions, multiplications, divisions and keyed draws alone,
/// so that their numbers are the same on every machine.
public enum FixtureTables {
  /// All of them.
  public static let all = [categories, logarithmic, noisy, plateaus, valley]

  /// A method that decides which rate is good, and how much the depth matters; one method is never good.
  static let categories = table(
    "categories",
    [
      .init("method", [0, 1, 2, 3], isCategorical: true), .init("rate", [1, 2, 4, 8, 16, 32, 64, 128, 256]),
      .init("depth", [1, 2, 3, 4, 5, 6, 7]), .init("loss", [0, 1, 2], isCategorical: true),
    ]
  ) { draw, at in
    let best = Int(draw.integer(below: 4, at: 0))
    let method = (at.level(0) + best) % 4
    let rate = at.offset(1, from: draw.unit(at: UInt64(10 + method)))
    let depth = at.offset(2, from: draw.unit(at: UInt64(20 + method)))
    let basis = [0.0, 0.08, 0.2, 1.5][method]
    let loss = 0.15 * Double((at.level(3) + Int(draw.integer(below: 3, at: 1))) % 3)
    return basis + loss + 3 * rate * rate + [1.0, 0.2, 2.5, 0][method] * depth * depth + 0.5 * rate * depth
  }

  /// Three axes whose levels lie on a log scale, one that is linear; a product of two of them must be right.
  static let logarithmic = table(
    "logarithmic",
    [
      .init("decay", [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]),
      .init("rate", [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1]),
      .init("units", [4, 8, 16, 32, 64, 128, 256]), .init("dropout", [0, 0.1, 0.2, 0.3, 0.4]),
    ]
  ) { draw, at in
    let product = at.offset(1, from: 0.2 + 0.5 * draw.unit(at: 0)) + 0.6 * at.offset(2, from: 0.5)
    let units = at.offset(2, from: 0.4 + 0.5 * draw.unit(at: 1))
    let decay = at.offset(0, from: draw.unit(at: 2))
    let dropout = at.offset(3, from: draw.unit(at: 3))
    // Above the right rate the training diverges.
    let diverged = product > 0.25 ? 2 + product : 0
    return 4 * product * product + 0.6 * units * units + 0.3 * decay * decay + 0.1 * dropout * dropout + diverged
  }

  /// A bowl whose noise is as large as what one level changes near the optimum.
  static let noisy = table(
    "noisy",
    [
      .init("a", (0..<8).map(Double.init)), .init("b", (0..<8).map(Double.init)), .init("c", (0..<6).map(Double.init)),
      .init("d", (0..<5).map(Double.init)),
    ]
  ) { draw, at in
    var sum = 0.0
    for (axis, weight) in [2.0, 1, 0.5, 0.1].enumerated() {
      let offset = at.offset(axis, from: draw.unit(at: UInt64(axis)))
      sum += weight * offset * offset
    }
    return sum + 0.15 * draw.unit(at: UInt64(100 + at.place))
  }

  /// Error rates of a small test set: few different values, and a wide plateau far from the optimum.
  static let plateaus = table(
    "plateaus",
    [
      .init("a", (0..<9).map(Double.init)), .init("b", (0..<9).map(Double.init)), .init("c", (0..<7).map(Double.init)),
      .init("d", (0..<4).map(Double.init)),
    ]
  ) { draw, at in
    var sum = 0.0
    for (axis, weight) in [1.6, 1.2, 0.8, 0.3].enumerated() {
      let offset = at.offset(axis, from: draw.unit(at: UInt64(axis)))
      sum += weight * offset * offset
    }
    return min((20 * sum).rounded(.down) / 50, 0.34)
  }

  /// A narrow valley along a diagonal, with a worse one beside it.
  static let valley = table(
    "valley",
    [
      .init("a", (0..<10).map(Double.init)), .init("b", (0..<10).map(Double.init)),
      .init("c", (0..<6).map(Double.init)),
      .init("d", (0..<4).map(Double.init)),
    ]
  ) { draw, at in
    let along = at.offset(0, from: draw.unit(at: 0)) + at.offset(1, from: draw.unit(at: 1))
    let across = at.offset(0, from: draw.unit(at: 0)) - at.offset(1, from: draw.unit(at: 1))
    let other = across - 0.45
    let wall = min(6 * across * across, 0.12 + 6 * other * other)
    let c = at.offset(2, from: draw.unit(at: 2))
    let d = at.offset(3, from: draw.unit(at: 3))
    return wall + 0.4 * along * along + 0.4 * (c + 0.3 * along) * (c + 0.3 * along) + 0.1 * d * d
  }

  /// Where a point lies, for a formula.
  private struct Position {
    var axes: [SearchTable.Axis]
    var place: Int

    /// The level of an axis.
    func level(_ axis: Int) -> Int {
      axes[(axis + 1)...].reduce(place) { $0 / $1.levels.count } % axes[axis].levels.count
    }

    /// How far an axis' level is from a place between 0 and 1, as a share of the axis.
    func offset(_ axis: Int, from centre: Double) -> Double {
      Double(level(axis)) / Double(axes[axis].levels.count - 1) - centre
    }
  }

  /// Eight instances of a formula; the generator is the instance's.
  private static func table(
    _ name: String, _ axes: [SearchTable.Axis], _ formula: (KeyedGenerator, Position) -> Double
  ) -> SearchTable {
    let instances = 8
    let size = axes.reduce(1) { $0 * $1.levels.count }
    var losses: [Double] = []
    for instance in 0..<instances {
      let draw = KeyedGenerator(seed: UInt64(instance), key: name.utf8.map(UInt64.init))
      for place in 0..<size { losses.append(formula(draw, Position(axes: axes, place: place))) }
    }
    return SearchTable(name, axes: axes, instances: instances, losses: losses)
  }
}
