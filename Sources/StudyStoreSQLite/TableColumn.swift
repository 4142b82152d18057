import GRDB

/// The columns of a table, each a case, in the order in which every statement names them.
///
/// A statement and the code that reads its rows use the same list, so that a column cannot be another one's place. Rows are
/// read by that place: to look a name up in each of a hundred rows would cost more than to read it.
protocol TableColumn: RawRepresentable<Int>, CaseIterable, Sendable {}

extension TableColumn {
  /// The column's name: the case's, in small letters with underscores.
  var name: String {
    var name = ""
    for letter in "\(self)" { name += letter.isUppercase ? "_" + letter.lowercased() : String(letter) }
    return name
  }
}

extension Collection where Element: TableColumn {
  /// `a, b, c`
  var names: String { map(\.name).joined(separator: ", ") }
  /// `a = ?, b = ?, c = ?`
  var assignments: String { map { "\($0.name) = ?" }.joined(separator: ", ") }
  /// `?, ?, ?`
  var marks: String { map { _ in "?" }.joined(separator: ", ") }
}

extension Row {
  /// The value of a column, in a row of a statement that names all columns of the table first; an optional where it may be
  /// null.
  subscript<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ column: some TableColumn) -> Value {
    self[column.rawValue]
  }
}
