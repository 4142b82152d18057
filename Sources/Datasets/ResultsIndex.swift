/// Finds the rows of a point in a table of results: O(log rows) a point, 12 bytes a row.
public struct ResultsIndex: Sendable {
  /// The table.
  public let table: ResultsTable
  /// The places of the columns that points are looked for in.
  private let columns: [Int]
  /// A hash of each row's point, ascending; equal ones in the order of the rows.
  private let hashes: [UInt64]
  /// The row of each hash.
  private let order: [UInt32]

  /// Indexes a table by the columns of these names; nil where it lacks one of them. O(rows · log rows).
  public init?(_ table: ResultsTable, by names: [String]) {
    let columns = names.compactMap(table.column)
    guard columns.count == names.count, table.rows <= Int(UInt32.max) else { return nil }
    var all = [UInt64](repeating: Self.start, count: table.rows)
    for column in columns {
      switch table.columns[column].values {
      case .numbers(let numbers):
        for row in all.indices { all[row] = Self.mixed(all[row], number: numbers[row]) }
      case .texts(let texts):
        for row in all.indices { all[row] = Self.mixed(all[row], text: texts[row]) }
      }
    }
    let sorted = (0..<UInt32(table.rows)).sorted { (all[Int($0)], $0) < (all[Int($1)], $1) }
    self.table = table
    self.columns = columns
    order = sorted
    hashes = sorted.map { all[Int($0)] }
  }

  /// About how many bytes of memory it takes beside the table.
  public var bytes: Int { hashes.count * 12 }

  /// How many rows a point has, and its row of a replicate, counted from 0; nil where there are fewer.
  ///
  /// `values` are in the order of the names. A number is that of a cell where both are the same double. A text is that of
  /// a cell where both have the same code points; in a column of numbers alone, where it says the same number.
  public func row(of values: [ResultsValue], replicate: Int) -> (count: Int, row: Int?) {
    var hash = Self.start
    for value in values {
      switch value {
      case .number(let number): hash = Self.mixed(hash, number: number)
      case .text(let text): hash = Self.mixed(hash, text: text)
      }
    }
    var (low, high) = (0, hashes.count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    var count = 0
    var found: Int?
    while low < hashes.count, hashes[low] == hash {
      let row = Int(order[low])
      low += 1
      guard holds(row, values) else { continue }
      if count == replicate { found = row }
      count += 1
    }
    return (count, found)
  }

  private func holds(_ row: Int, _ values: [ResultsValue]) -> Bool {
    zip(columns, values).allSatisfy { place, value in
      let column = table.columns[place]
      switch (value, column.values) {
      case (.number(let number), _): return column.number(row) == number
      case (.text(let text), .numbers(let numbers)): return ResultsValue.number(text) == numbers[row]
      case (.text(let text), .texts(let texts)): return text.utf8.elementsEqual(texts[row].utf8)
      }
    }
  }

  // A number and the text that says it have one hash, so that a parameter may mix both.

  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325

  private static func mixed(_ hash: UInt64, number: Double) -> UInt64 {
    var hash = hash ^ (number + 0).bitPattern
    // The finaliser of MurmurHash3, so that equal bits at the ends of doubles do not make equal hashes.
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ hash >> 33
  }

  private static func mixed(_ hash: UInt64, text: String) -> UInt64 {
    if let number = ResultsValue.number(text) { return mixed(hash, number: number) }
    // FNV-1a, and a byte that ends the text.
    return (text.utf8.reduce(hash) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } ^ 0xFF) &* 0x100_0000_01B3
  }
}
