/// The first part's mean and standard deviation (population) of each column.
struct ColumnScaling {
  /// A column is constant but for rounding where its values differ by at most this share of its largest magnitude: 64 units
  /// in the last place, more than adding up a hundred numbers leaves. Times in seconds since 1970 that are a millisecond apart lie 40
  /// times as wide.
  private static let rounding = 0x1p-46
  /// What a column that is constant but for rounding is divided by: in single precision nothing is left of any number.
  static let beyondAll = Double.greatestFiniteMagnitude

  private(set) var means: [Double]
  private(set) var deviations: [Double]

  /// Measures the columns of a table, each summed in row order.
  init(_ table: CSVTable, file: String, _ rules: ReadingRules) throws {
    let width = table.columns.count
    let rows = table.labels.count
    means = []
    deviations = []
    for column in 0..<width {
      let values = stride(from: column, to: rows * width, by: width).lazy.map { table.values[$0] }
      let first = table.values[column]
      // A constant column says nothing: it becomes 0. Its computed mean may be off by a rounding, so it is not used.
      if values.allSatisfy({ $0 == first }) {
        means.append(first)
        deviations.append(1)
        continue
      }
      let (least, most) = (values.min() ?? first, values.max() ?? first)
      if rules != .first, most - least <= Self.rounding * max(most.magnitude, least.magnitude) {
        means.append(first)
        deviations.append(Self.beyondAll)
        continue
      }
      let mean = values.reduce(0, +) / Double(rows)
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)).squareRoot()
      guard mean.isFinite, deviation.isFinite, deviation > 0 else {
        throw DatasetError(
          .value, file: file, dataset: ShownText.column(table.columns[column]),
          "the values are too large or too small to be standardised; give them another unit, or scaling none")
      }
      // So is one whose deviation is for the most part what the computed mean is off, as it is over many rows.
      let offset = values.reduce(0) { $0 + ($1 - mean) } / Double(rows)
      let isRounding = rules != .first && offset.magnitude > deviation / 2
      means.append(mean)
      deviations.append(isRounding ? Self.beyondAll : deviation)
    }
  }

  func scaled(_ value: Double, column: Int) -> Double {
    deviations[column] == Self.beyondAll ? 0 : (value - means[column]) / deviations[column]
  }
}
