import SearchSpace

/// The trials that importances are computed from, as cells: one row for each point, with the mean of its values.
public struct ImportanceTrials: Sendable {
  /// A space is divided so finely where every point of its grid is told apart.
  private static let finest = 65_535
  /// Into how many parts a range is divided else.
  private static let parts = 128

  let space: CellSpace
  private let parameters: ParameterSpace
  /// How many points the grid has, where each of them is told apart.
  let gridSize: Int?
  /// A row after the other, each with a cell for each parameter.
  private(set) var cells: [UInt16] = []
  /// By row.
  private var sums: [Double] = []
  private var counts: [Int] = []
  private var rows: [UInt64: Int] = [:]
  /// How many trials were taken.
  public var trials: Int { counts.reduce(0, +) }

  /// Takes trials of a space. `isWhole`: they may be all of its grid's points, which is small enough to tell each apart.
  public init(_ space: ParameterSpace, isWhole: Bool) {
    let size = isWhole ? space.gridSize.flatMap { $0 <= Self.finest ? $0 : nil } : nil
    gridSize = size
    parameters = space
    self.space = CellSpace(space, most: size == nil ? Self.parts : Self.finest)
  }

  /// How many different points there are.
  public var points: Int { sums.count }

  /// The mean value of each point.
  var values: [Double] { zip(sums, counts).map { $0 / Double($1) } }

  /// Takes a trial with a finite value. `point`: what tells points apart; `values`: those of the parameters in the order of
  /// the space, nil for one that is absent. A trial that is not of the space is left out.
  public mutating func add(point: UInt64, values: [ParameterValue?], value: Double) {
    guard value.isFinite, values.count == space.axes.count else { return }
    if let row = rows[point] {
      sums[row] += value
      counts[row] += 1
      return
    }
    var row: [UInt16] = []
    for (axis, value) in zip(space.axes, values) {
      guard let value else {
        row.append(CellAxis.absent)
        continue
      }
      guard let cell = axis.cell(of: value) else { return }
      row.append(UInt16(cell))
    }
    rows[point] = sums.count
    cells += row
    sums.append(value)
    counts.append(1)
  }

  /// At most `most` of the points, whatever their values, their parameters divided into parts that a tree can split.
  func thinned(_ most: Int) -> (space: CellSpace, cells: [UInt16], values: [Double], trials: Int) {
    let coarse = gridSize == nil ? space : CellSpace(parameters, most: Self.parts)
    let parts = zip(space.axes, coarse.axes).map { fine, coarse in
      (0..<fine.count).map { UInt16(coarse.cell(of: fine.value(in: $0)) ?? 0) }
    }
    var kept = Array(0..<points)
    if points > most {
      let order = KeyedPermutation(bound: UInt64(points), seed: 3, key: [])
      kept = (0..<most).map { Int(order[UInt64($0)]) }.sorted()
    }
    let width = space.axes.count
    let all = values
    return (
      coarse,
      kept.flatMap { row in
        (0..<width).map { place in
          let cell = cells[row * width + place]
          return cell == CellAxis.absent ? cell : parts[place][Int(cell)]
        }
      },
      kept.map { all[$0] }, kept.reduce(0) { $0 + counts[$1] }
    )
  }
}
