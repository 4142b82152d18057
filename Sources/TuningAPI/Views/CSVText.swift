/// Comma-separated values (RFC 4180).
struct CSVText {
  private(set) var bytes: [UInt8] = []

  /// Makes a text, with room for about this many bytes.
  init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// Appends a row of texts, quoting where one needs it.
  mutating func row(_ cells: [String]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { comma() }
      self.cell(Array(cell.utf8))
    }
    endRow()
  }

  /// Ends a cell that another follows.
  mutating func comma() { bytes.append(UInt8(ascii: ",")) }

  /// Ends a row.
  mutating func endRow() {
    bytes.append(0x0D)
    bytes.append(0x0A)
  }

  /// Appends bytes that need no quotation marks: numbers and plain words.
  mutating func plain(_ cell: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: cell) }

  /// Appends what a closure writes, which needs no quotation marks.
  mutating func plain(_ write: (inout [UInt8]) -> Void) { write(&bytes) }

  /// Appends a text as it is, in quotation marks where it needs them.
  mutating func cell(_ cell: some Collection<UInt8>) {
    guard cell.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
      return bytes.append(contentsOf: cell)
    }
    bytes.append(0x22)
    for byte in cell {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }

  /// Appends a text from outside, so that no spreadsheet takes it for a formula.
  mutating func guardedCell(_ cell: some Collection<UInt8>) {
    if Self.isFormula(cell) { self.cell([UInt8(ascii: "'")] + cell) } else { self.cell(cell) }
  }

  /// A text that no spreadsheet takes for a formula.
  static func guarded(_ text: String) -> String { isFormula(text.utf8) ? "'" + text : text }

  /// Whether a spreadsheet may take a text for a formula: by its first character, which some of them also know in its
  /// full width (U+FF1D, U+FF0B, U+FF0D, U+FF20).
  private static func isFormula(_ text: some Collection<UInt8>) -> Bool {
    switch text.first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
    case 0xEF:
      let next = Array(text.prefix(3).dropFirst())
      return next.count == 2 && next[0] == 0xBC && [0x9D, 0x8B, 0x8D, 0xA0].contains(next[1])
    default: return false
    }
  }
}
