/// Reads records of RFC 4180 from bytes: fields between commas, quoted where they need it, lines ended by CR LF or LF.
struct CSVReader {
  /// A field's bytes without its outer quotes; `escaped` where it holds doubled quotes.
  struct Field {
    var range: Range<Int>
    var escaped: Bool
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  let bytes: [UInt8]
  let file: String
  /// The most fields of a record; more are a fault before they take memory.
  private let mostFields: Int
  /// The record read last, counted from 1, the header included.
  private(set) var row = 0
  /// The fields of the record read last.
  private(set) var fields: [Field] = []
  private var at = 0

  /// A reader at the first record, behind a byte order mark if there is one.
  init(_ bytes: [UInt8], file: String, mostFields: Int = .max) {
    self.bytes = bytes
    self.file = file
    self.mostFields = mostFields
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
  }

  /// Reads the next record into `fields`; false at the end.
  mutating func next() throws -> Bool {
    guard at < bytes.count else { return false }
    row += 1
    fields.removeAll(keepingCapacity: true)
    while true {
      guard fields.count < mostFields else {
        throw DatasetError(
          .tooLarge, file: file, row: row, "there are more than \(mostFields) columns; at most that many are supported")
      }
      fields.append(try field())
      guard at < bytes.count else { return true }
      let separator = bytes[at]
      at += 1
      if separator == CSVReader.lineFeed { return true }
      if separator == CSVReader.carriageReturn {
        guard at < bytes.count, bytes[at] == CSVReader.lineFeed else {
          throw fault("there is a carriage return without a line feed; lines must end with LF or CR LF")
        }
        at += 1
        return true
      }
      // A comma at the very end still begins one more, empty field.
      if at == bytes.count {
        fields.append(Field(range: at..<at, escaped: false))
        return true
      }
    }
  }

  /// Whether the record read last holds nothing: no byte but commas, blanks, tabs and quotes around nothing.
  var isBlank: Bool { fields.allSatisfy { bytes[$0.range].allSatisfy { $0 == 32 || $0 == 9 } } }

  /// Whether a field is in quotes.
  func isQuoted(_ field: Field) -> Bool {
    field.range.lowerBound > 0 && bytes[field.range.lowerBound - 1] == CSVReader.quote
  }

  /// A field's text.
  func text(_ field: Field) throws -> String {
    var content = Array(bytes[field.range])
    if field.escaped {
      var kept: [UInt8] = []
      var skip = false
      for byte in content {
        skip = byte == CSVReader.quote && !skip
        if !skip { kept.append(byte) }
      }
      content = kept
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw fault("the text is not UTF-8; save the file as UTF-8")
    }
    return text
  }

  private mutating func field() throws -> Field {
    if at < bytes.count, bytes[at] == CSVReader.quote { return try quotedField() }
    let start = at
    while at < bytes.count {
      switch bytes[at] {
      case CSVReader.comma, CSVReader.lineFeed, CSVReader.carriageReturn:
        return Field(range: start..<at, escaped: false)
      case CSVReader.quote:
        throw fault("there is a quotation mark inside an unquoted field; quote the whole field and double the quote")
      default: at += 1
      }
    }
    return Field(range: start..<at, escaped: false)
  }

  private mutating func quotedField() throws -> Field {
    at += 1
    let start = at
    var escaped = false
    while at < bytes.count {
      guard bytes[at] == CSVReader.quote else {
        at += 1
        continue
      }
      if at + 1 < bytes.count, bytes[at + 1] == CSVReader.quote {
        escaped = true
        at += 2
        continue
      }
      let range = start..<at
      at += 1
      if at < bytes.count, ![CSVReader.comma, CSVReader.lineFeed, CSVReader.carriageReturn].contains(bytes[at]) {
        throw fault("there is text after a closing quote; a comma or the line's end must follow it")
      }
      return Field(range: range, escaped: escaped)
    }
    throw DatasetError(
      .truncated, file: file, row: row, "a quoted field has no closing quote; the file must not end inside one")
  }

  private func fault(_ problem: String) -> DatasetError {
    DatasetError(.wrongFormat, file: file, row: row, problem)
  }
}
