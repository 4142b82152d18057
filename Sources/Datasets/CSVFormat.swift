/// Tables: RFC 4180, a header, a column `label`, numeric features; an optional second file with the same header.
public enum CSVFormat: DatasetFormat {
  public static let name = "csv"
  public static let summary =
    "a table with a header, a column label and numeric columns, and if there is a second part a table like it"

  /// The column with the class of each example.
  static let labelColumn = "label"

  public static func read(
    _ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits
  ) throws -> DatasetContent {
    try PartValidation.fileCount(files, [1, 2], summary)
    let first = try table(try files[0].bytes(limits), file: files[0].name, limit: limits.features, columns: nil)
    let classes = ClassNames(of: first.labels)
    let labels = try classes.indices(of: first.labels, file: files[0].name)
    try PartValidation.classes(
      classes.names, first: labels, file: files[0].name, dataset: columnText(labelColumn), limits: limits)
    let scales = try scaling == .none ? nil : ColumnScaling(first, file: files[0].name)
    let firstPart = Dataset.Part(features: try floats(first, scales, file: files[0].name), labels: labels)
    var second: Dataset.Part?
    if files.count == 2 {
      let file = files[1].name
      let table = try Self.table(
        try files[1].bytes(limits), file: file, limit: limits.features - first.values.count, columns: first.header)
      second = Dataset.Part(
        features: try floats(table, scales, file: file), labels: try classes.indices(of: table.labels, file: file))
    }
    return DatasetContent(
      shape: [first.columns.count], classes: classes.names, first: firstPart, second: second,
      inputScaling: scales.map { .standard(means: $0.means, deviations: $0.deviations) })
  }

  /// What a table says: its header, the names of its features, their values (N, D) and its labels (N).
  struct Table {
    var header: [String]
    var columns: [String]
    var values: [Double]
    var labels: [String]
  }

  /// Parses a table; `columns`, if given, is the header that it must have.
  static func table(_ bytes: [UInt8], file: String, limit: Int, columns: [String]?) throws -> Table {
    var reader = CSVReader(bytes, file: file)
    let header = try Self.header(&reader, file: file, expected: columns)
    let labelAt = header.firstIndex(of: labelColumn)!
    var table = Table(header: header, columns: header.filter { $0 != labelColumn }, values: [], labels: [])
    while try reader.next() {
      guard reader.fields.count == header.count else {
        throw DatasetError(
          .shape, file: file, row: reader.row,
          "there are \(reader.fields.count) fields; there must be \(header.count) as in the header")
      }
      guard table.values.count + table.columns.count <= limit else {
        throw DatasetError(
          .tooLarge, file: file, row: reader.row, "there are too many numbers; at most \(limit) are left for this file")
      }
      for (index, field) in reader.fields.enumerated() where index != labelAt {
        guard let value = DecimalNumber.parse(reader.bytes[field.range]), value.isFinite, !field.escaped else {
          throw DatasetError(
            .value, file: file, dataset: columnText(header[index]), row: reader.row,
            "\(quoted(try reader.text(field))) is not a number; every feature must be a finite decimal number")
        }
        table.values.append(value)
      }
      let label = try reader.text(reader.fields[labelAt])
      guard !label.isEmpty else {
        throw DatasetError(
          .label, file: file, dataset: columnText(labelColumn), row: reader.row,
          "the label is empty; every example needs one")
      }
      table.labels.append(label)
    }
    guard !table.labels.isEmpty else {
      throw DatasetError(.emptyPart, file: file, "there are no examples below the header; at least 1 is needed")
    }
    return table
  }

  private static func header(_ reader: inout CSVReader, file: String, expected: [String]?) throws -> [String] {
    guard try reader.next() else {
      throw DatasetError(.truncated, file: file, "the file is empty; it must begin with a header")
    }
    let header = try reader.fields.map { try reader.text($0) }
    if let twice = header.indices.first(where: { header[$0].isEmpty || header[..<$0].contains(header[$0]) }) {
      throw DatasetError(
        .wrongFormat, file: file, row: 1,
        "the name of column \(twice + 1) is empty or appears twice; every column needs a name of its own")
    }
    guard header.contains(labelColumn) else {
      throw DatasetError(
        .missing, file: file, row: 1, "the header has no column label; name the column with the classes label")
    }
    guard header.count >= 2 else {
      throw DatasetError(.shape, file: file, row: 1, "there is no column but label; at least one feature is needed")
    }
    if let expected, header != expected {
      throw DatasetError(
        .shape, file: file, row: 1,
        "the columns are \(header.joined(separator: ", ")); they must be \(expected.joined(separator: ", ")) as in the "
          + "first file")
    }
    return header
  }

  /// The features in single precision; a value that it cannot hold is a fault.
  private static func floats(_ table: Table, _ scales: ColumnScaling?, file: String) throws -> [Float] {
    let width = table.columns.count
    var floats: [Float] = []
    floats.reserveCapacity(table.values.count)
    for (index, value) in table.values.enumerated() {
      let column = index % width
      let float = Float(scales.map { $0.scaled(value, column: column) } ?? value)
      guard float.isFinite else {
        throw DatasetError(
          .value, file: file, dataset: columnText(table.columns[column]), row: index / width + 2,
          "\(value) is too large; features must fit single precision")
      }
      floats.append(float)
    }
    return floats
  }

  static func columnText(_ name: String) -> String { "column \(name)" }

  /// A text in quotes, cut to what a message can bear.
  static func quoted(_ text: String) -> String { "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\"" }
}

/// The first part's mean and standard deviation (population) of each column.
struct ColumnScaling {
  private(set) var means: [Double]
  private(set) var deviations: [Double]

  /// Measures the columns of a table, each summed in row order.
  init(_ table: CSVFormat.Table, file: String) throws {
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
      let mean = values.reduce(0, +) / Double(rows)
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)).squareRoot()
      guard mean.isFinite, deviation.isFinite, deviation > 0 else {
        throw DatasetError(
          .value, file: file, dataset: CSVFormat.columnText(table.columns[column]),
          "the values are too large or too small to be standardised; give them another unit, or scaling none")
      }
      means.append(mean)
      deviations.append(deviation)
    }
  }

  func scaled(_ value: Double, column: Int) -> Double { (value - means[column]) / deviations[column] }
}

/// The classes that a table's labels name.
struct ClassNames {
  /// Numerically ascending where all are integers, else in the order of their bytes.
  let names: [String]
  private let index: [String: Int32]
  private let areIntegers: Bool

  init(of labels: [String]) {
    let distinct = Set(labels)
    areIntegers = distinct.allSatisfy { Int($0) != nil }
    names =
      areIntegers
      ? Set(distinct.map { Int($0)! }).sorted().map(String.init)
      : distinct.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    index = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
  }

  /// The labels as indices into `names`; a label that the first part does not have is a fault.
  func indices(of labels: [String], file: String) throws -> [Int32] {
    try labels.enumerated().map { row, label in
      let name = areIntegers ? Int(label).map(String.init) ?? label : label
      guard let found = index[name] else {
        throw DatasetError(
          .label, file: file, dataset: CSVFormat.columnText(CSVFormat.labelColumn), row: row + 2,
          "\(CSVFormat.quoted(label)) is not a class of the first file; labels must be among its classes")
      }
      return found
    }
  }
}
