import Compression
import ExactText

/// Tables: RFC 4180, a header, a column `label`, numeric features; an optional second file with the same header.
public enum CSVFormat: DatasetFormat {
  public static let name = "csv"
  public static let summary =
    "a table with a header, a column label and numeric columns, and if there is a second part a table like it; gzip or "
    + "not"

  /// The most columns of a table, the one with the labels included.
  static let mostColumns = 100_000

  public static func read(_ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits, rules: ReadingRules)
    throws -> DatasetContent
  {
    try PartValidation.fileCount(files, [1, 2], summary)
    let first = try table(files[0], limits, room: limits.features, rules, first: nil)
    if rules != .first { try checkIsNoRegression(first.labels, file: files[0].name) }
    let classes = ClassNames(of: first.labels, rules)
    let labels = try classes.indices(of: first.labels, file: files[0].name)
    try PartValidation.classes(
      classes.names, first: labels, file: files[0].name, dataset: ShownText.column(CSVTable.labelColumn), limits: limits
    )
    let scales = try scaling == .none ? nil : ColumnScaling(first, file: files[0].name, rules)
    let firstPart = Dataset.Part(features: try floats(first, scales, file: files[0].name), labels: labels)
    var second: Dataset.Part?
    if files.count == 2 {
      let file = files[1].name
      let table = try Self.table(files[1], limits, room: limits.features - first.values.count, rules, first: first)
      second = Dataset.Part(
        features: try floats(table, scales, file: file), labels: try classes.indices(of: table.labels, file: file))
    }
    return DatasetContent(
      shape: [first.columns.count], classes: classes.names, first: firstPart, second: second,
      inputScaling: scales.map { .standard(means: $0.means, deviations: $0.deviations) })
  }

  /// Parses a table of at most `room` values; `first`, if given, is the table whose header it must have.
  private static func table(
    _ file: DatasetFile, _ limits: DatasetLimits, room: Int, _ rules: ReadingRules, first: CSVTable?
  ) throws -> CSVTable {
    let stored = try file.bytes(limits)
    let bytes =
      Gzip.isGzip(stored)
      ? try PartValidation.inflated(stored, file: file.name, limit: limits.fileBytes, what: "a table") : stored
    var reader = CSVReader(bytes, file: file.name, mostFields: rules == .first ? .max : mostColumns)
    let header = try CSVHeader.read(&reader, rules, expected: first?.header)
    let labelAt = header.labelAt
    let names = header.names
    var table = CSVTable(header: names, columns: names, values: [], labels: [])
    table.columns.remove(at: labelAt)
    let label = LabelReader(rules)
    /// The first of the empty lines that nothing came behind yet.
    var empty: Int?
    while try reader.next() {
      if reader.isBlank {
        empty = empty ?? reader.row
        continue
      }
      if let empty {
        throw DatasetError(
          .shape, file: file.name, row: empty, "the line is empty, and others follow it; take it out, or fill it in")
      }
      guard reader.fields.count == names.count else {
        throw DatasetError(
          .shape, file: file.name, row: reader.row,
          "there \(reader.fields.count == 1 ? "is 1 field" : "are \(reader.fields.count) fields"); there must be "
            + "\(names.count) as in the header")
      }
      guard table.values.count + table.columns.count <= room else {
        throw DatasetError(
          .tooLarge, file: file.name, row: reader.row,
          "there are too many numbers; at most \(room) are left for this file")
      }
      for (index, field) in reader.fields.enumerated() where index != labelAt {
        guard let value = DecimalNumber.parse(reader.bytes[field.range]), value.isFinite, !field.escaped else {
          throw DatasetError(
            .value, file: file.name, dataset: ShownText.column(names[index]), row: reader.row,
            fault(ofNumber: try reader.text(field)))
        }
        table.values.append(value)
      }
      table.labels.append(try label.read(reader.fields[labelAt], &reader))
    }
    guard !table.labels.isEmpty else {
      throw DatasetError(.emptyPart, file: file.name, "there are no examples below the header; at least 1 is needed")
    }
    return table
  }

  private static func fault(ofNumber text: String) -> String {
    let trimmed = text.withoutOuterWhiteSpace
    if trimmed.isEmpty {
      return "the value is empty; every feature must be a number: fill it in, or leave out the row or the column"
    }
    if LabelReader.missingWords.containsExactly(trimmed) {
      return
        "\(ShownText.quoted(text)) marks a missing value; every feature must be a number: fill it in, or "
        + "leave out the row or the column"
    }
    return "\(ShownText.quoted(text)) is not a number; every feature must be a finite decimal number"
  }

  /// The features in single precision; a value that it cannot hold is a fault.
  private static func floats(_ table: CSVTable, _ scales: ColumnScaling?, file: String) throws -> [Float] {
    let width = table.columns.count
    var floats: [Float] = []
    floats.reserveCapacity(table.values.count)
    for (index, value) in table.values.enumerated() {
      let column = index % width
      let float = Float(scales.map { $0.scaled(value, column: column) } ?? value)
      guard float.isFinite else {
        throw DatasetError(
          .value, file: file, dataset: ShownText.column(table.columns[column]), row: index / width + 2,
          "\(value) is too large; features must fit single precision")
      }
      floats.append(float)
    }
    return floats
  }
}
