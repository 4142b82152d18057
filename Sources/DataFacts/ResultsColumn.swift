/// A column of a table of results, without its values.
public struct ResultsColumn: Sendable, Hashable, Codable {
  /// A cell that does not hold a finite number.
  public struct Cell: Sendable, Hashable, Codable {
    /// The row, counted from 1, the header included.
    public var row: Int
    /// Its text, cut to what a message can bear.
    public var text: String

    /// Makes a cell.
    public init(row: Int, text: String) {
      self.row = row
      self.text = text
    }
  }

  /// The name.
  public var name: String
  /// The first cell that does not hold a finite number; nil where all do.
  public var firstText: Cell?

  /// Makes a column.
  public init(name: String, firstText: Cell? = nil) {
    self.name = name
    self.firstText = firstText
  }
}
