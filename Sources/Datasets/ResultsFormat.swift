import Compression

/// Tables of tried points: RFC 4180, a header, and one row for each run of a point.
public enum ResultsFormat: DatasetFormat {
  public static let name = "results"
  public static let summary =
    "a table of tried points with a header, one column for each parameter and each metric, and one row for each run; "
    + "gzip or not"
  /// Its files are called as those of `csv` are, so that none is found by its name.
  public static let fileNames = FormatFileNames(endings: [], advice: nil)

  /// The most columns of a table: each that is not a parameter is a metric of every trial.
  static let mostColumns = 1000
  /// The most bytes of a column's name, as of a metric's.
  static let longestName = 128

  public static func read(_ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits, rules: ReadingRules)
    throws -> DatasetContent
  {
    try PartValidation.fileCount(files, [1], summary)
    let file = files[0]
    let stored = try file.bytes(limits)
    let bytes =
      Gzip.isGzip(stored)
      ? try PartValidation.inflated(stored, file: file.name, limit: limits.fileBytes, what: "a table") : stored
    let shape = try survey(bytes, file: file.name, limits)
    return DatasetContent(results: try table(bytes, file: file.name, shape))
  }

  /// What a first reading tells: the names, the number of rows, and which columns hold a cell that is not a number.
  private struct Shape {
    var names: [String]
    var rows = 0
    var hasText: [Bool]
  }

  /// Reads the whole table without keeping a value, so that nothing takes memory that is not right.
  private static func survey(_ bytes: [UInt8], file: String, _ limits: DatasetLimits) throws -> Shape {
    var reader = CSVReader(bytes, file: file, mostFields: mostColumns)
    let names = try CSVHeader.names(&reader)
    try check(names, file: file)
    var shape = Shape(names: names, hasText: names.map { _ in false })
    var empty: Int?
    while try reader.next() {
      if reader.isBlank {
        empty = empty ?? reader.row
        continue
      }
      if let empty {
        throw DatasetError(
          .shape, file: file, row: empty, "the line is empty, and others follow it; take it out, or fill it in")
      }
      guard reader.fields.count == names.count else {
        throw DatasetError(
          .shape, file: file, row: reader.row,
          "there \(reader.fields.count == 1 ? "is 1 field" : "are \(reader.fields.count) fields"); there must be "
            + "\(names.count) as in the header")
      }
      shape.rows += 1
      guard shape.rows <= limits.features / names.count else {
        throw DatasetError(
          .tooLarge, file: file, row: reader.row,
          "there are too many values; at most \(limits.features) are allowed in a table")
      }
      for (index, field) in reader.fields.enumerated() {
        if try number(field, &reader) == nil { shape.hasText[index] = true }
      }
    }
    guard shape.rows > 0 else {
      throw DatasetError(.emptyPart, file: file, "there are no rows below the header; at least 1 is needed")
    }
    return shape
  }

  /// The finite number that a field holds; nil where it holds another text.
  private static func number(_ field: CSVReader.Field, _ reader: inout CSVReader) throws -> Double? {
    if !field.escaped, let number = DecimalNumber.parse(reader.bytes[field.range]), number.isFinite {
      return number + 0
    }
    return ResultsValue.number(try reader.text(field).withoutOuterWhiteSpace)
  }

  private static func check(_ names: [String], file: String) throws {
    func fault(_ kind: DatasetError.Kind, _ problem: String) -> DatasetError {
      DatasetError(kind, file: file, row: 1, problem)
    }
    if let index = names.firstIndex(where: { ResultsValue.number($0) != nil }) {
      throw fault(
        .missing,
        "the name of column \(index + 1) is the number \(ShownText.cut(names[index])); the first line must be a header "
          + "with the names of parameters and metrics")
    }
    if let index = names.firstIndex(where: { $0.utf8.count > longestName }) {
      throw fault(
        .wrongFormat,
        "the name of column \(index + 1) has \(names[index].utf8.count) bytes; at most \(longestName) are allowed")
    }
    guard names.count >= 2 else {
      throw fault(
        .shape,
        "there is only the column \(ShownText.quoted(names[0])); a parameter and a metric are needed at least")
    }
  }

  private static func table(_ bytes: [UInt8], file: String, _ shape: Shape) throws -> ResultsTable {
    var numbers = shape.hasText.map { _ in [Double]() }
    var texts = shape.hasText.map { _ in [String]() }
    for (index, isText) in shape.hasText.enumerated() {
      if isText { texts[index].reserveCapacity(shape.rows) } else { numbers[index].reserveCapacity(shape.rows) }
    }
    var reader = CSVReader(bytes, file: file, mostFields: mostColumns)
    _ = try reader.next()
    while try reader.next() {
      if reader.isBlank { continue }
      for (index, field) in reader.fields.enumerated() {
        if shape.hasText[index] {
          texts[index].append(try reader.text(field).withoutOuterWhiteSpace)
        } else {
          numbers[index].append(try number(field, &reader) ?? .nan)
        }
      }
    }
    let columns = shape.names.indices.map { index in
      ResultsTable.Column(
        name: shape.names[index],
        values: shape.hasText[index] ? .texts(texts[index]) : .numbers(numbers[index]))
    }
    return ResultsTable(columns: columns, rows: shape.rows)
  }
}
