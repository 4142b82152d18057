import DataFacts
import Digests
import ExactText

/// A table of tried points: each row is a run of a point, and rows of one point are its replicates in order.
public struct ResultsTable: Sendable, Equatable {
  /// The values of a column, one a row.
  public enum Values: Sendable, Equatable {
    /// Every cell is a finite number.
    case numbers([Double])
    /// Every cell as it was written, without white space at its ends, where one is not a finite number.
    case texts([String])
  }

  /// One column.
  public struct Column: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The values.
    public var values: Values

    /// The number in a row; nil where there is none.
    public func number(_ row: Int) -> Double? {
      switch values {
      case .numbers(let numbers): numbers[row]
      case .texts(let texts): ResultsValue.number(texts[row])
      }
    }
  }

  /// The columns, in the order of the file.
  public var columns: [Column]
  /// How many rows there are, without the header.
  public var rows: Int

  /// Makes a table whose columns all have `rows` values.
  init(columns: [Column], rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// Which column has a name; nil where none has.
  public func column(_ name: String) -> Int? { columns.firstIndex { $0.name.isExactly(name) } }

  /// About how many bytes of memory it takes.
  public var bytes: Int {
    columns.reduce(0) { sum, column in
      switch column.values {
      case .numbers(let numbers): sum + numbers.count * MemoryLayout<Double>.stride
      case .texts(let texts): texts.reduce(sum) { $0 + 16 + ($1.utf8.count > 15 ? $1.utf8.count + 32 : 0) }
      }
    }
  }

  /// What is known of the columns without their values.
  var facts: [ResultsColumn] {
    columns.map { column in
      guard case .texts(let texts) = column.values,
        let row = texts.firstIndex(where: { ResultsValue.number($0) == nil })
      else { return ResultsColumn(name: column.name) }
      // The header is row 1.
      return ResultsColumn(name: column.name, firstText: .init(row: row + 2, text: ShownText.cut(texts[row])))
    }
  }

  /// SHA-256 of a canonical stream: a tag; how many columns and rows there are; for each column its name, 0 and the bits
  /// of its numbers, or 1 and its texts. Texts are length and UTF-8, numbers are 64-bit, everything is little-endian.
  var sha256: String {
    var hash = SHA256()
    var piece = Array("cairn results 1\n".utf8)
    func append(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { piece.append(contentsOf: $0) } }
    func append(_ text: String) {
      append(UInt64(text.utf8.count))
      piece.append(contentsOf: text.utf8)
    }
    func flush(_ most: Int) {
      guard piece.count > most else { return }
      piece.withUnsafeBytes { hash.update($0) }
      piece.removeAll(keepingCapacity: true)
    }
    append(UInt64(columns.count))
    append(UInt64(rows))
    for column in columns {
      append(column.name)
      switch column.values {
      case .numbers(let numbers):
        append(0)
        for number in numbers {
          append(number.bitPattern)
          flush(1 << 16)
        }
      case .texts(let texts):
        append(1)
        for text in texts {
          append(text)
          flush(1 << 16)
        }
      }
    }
    flush(0)
    return hash.finalize()
  }
}

/// A value of a parameter, as it is looked for in a table of results.
public enum ResultsValue: Sendable, Hashable {
  case number(Double)
  case text(String)

  /// The finite number that a text is; nil where it is none. −0 is 0.
  static func number(_ text: String) -> Double? {
    guard let number = DecimalNumber.parse(Array(text.utf8)[...]), number.isFinite else { return nil }
    return number + 0
  }
}
