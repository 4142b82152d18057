import ExactText

/// The first line of a table: a name for each column, one of them `label`.
struct CSVHeader {
  var names: [String]
  /// Which of them is `label`.
  var labelAt: Int

  /// Reads it; `expected`, if given, is the header of the first file.
  static func read(_ reader: inout CSVReader, _ rules: ReadingRules, expected: [String]?) throws -> CSVHeader {
    let file = reader.file
    func fault(_ kind: DatasetError.Kind, _ problem: String) -> DatasetError {
      DatasetError(kind, file: file, row: 1, problem)
    }
    let names = try texts(&reader, rules)
    try checkSeparator(names, fault)
    guard let labelAt = names.firstIndex(of: CSVTable.labelColumn) else {
      throw fault(
        .missing, "the header has no column label; name the column with the classes label. \(Self.found(names))")
    }
    try checkNames(names, fault)
    guard names.count >= 2 else { throw fault(.shape, "there is no column but label; at least one feature is needed") }
    if let expected, rules != .first || names != expected { try check(names, expected, fault) }
    return CSVHeader(names: names, labelAt: labelAt)
  }

  /// The texts of the first line.
  private static func texts(_ reader: inout CSVReader, _ rules: ReadingRules) throws -> [String] {
    guard try reader.next() else {
      throw DatasetError(.truncated, file: reader.file, "the file is empty; it must begin with a header")
    }
    if reader.isBlank {
      throw DatasetError(
        .wrongFormat, file: reader.file, row: 1, "the first line is empty; the file must begin with a header")
    }
    return try reader.fields.map { field in
      let text = try reader.text(field)
      return rules == .first ? text : text.withoutOuterWhiteSpace
    }
  }

  /// The names of a table's columns, whatever they are; each is there and occurs once.
  static func names(_ reader: inout CSVReader) throws -> [String] {
    let file = reader.file
    func fault(_ kind: DatasetError.Kind, _ problem: String) -> DatasetError {
      DatasetError(kind, file: file, row: 1, problem)
    }
    let names = try texts(&reader, .current)
    try checkSeparator(names, fault)
    try checkNames(names, fault)
    return names
  }

  private static func checkSeparator(_ names: [String], _ fault: (DatasetError.Kind, String) -> DatasetError) throws {
    if let separator = separator(of: names) {
      throw fault(
        .wrongFormat,
        "the columns seem to be separated by \(separator) (\(PartValidation.list(names))); they must be separated by commas"
      )
    }
  }

  private static func checkNames(_ names: [String], _ fault: (DatasetError.Kind, String) -> DatasetError) throws {
    var seen: [ExactText: Int] = [:]
    for (index, name) in names.enumerated() {
      if name.isEmpty {
        let hint = index == 0 ? " (pandas writes one without, unless told index=False)" : ""
        throw fault(.wrongFormat, "column \(index + 1) has no name; every column needs one\(hint)")
      }
      if let before = seen.updateValue(index, forKey: ExactText(name)) {
        throw fault(
          .wrongFormat,
          "columns \(before + 1) and \(index + 1) have the same name \(ShownText.quoted(name)); every column needs a name "
            + "of its own")
      }
    }
  }

  private static func check(
    _ names: [String], _ expected: [String], _ fault: (DatasetError.Kind, String) -> DatasetError
  ) throws {
    let differs = zip(names, expected).enumerated().first { !$1.0.isExactly($1.1) }?.offset
    guard let place = differs ?? (names.count == expected.count ? nil : min(names.count, expected.count)) else {
      return
    }
    if max(names.count, expected.count) <= 10 {
      throw fault(
        .shape,
        "the columns are \(PartValidation.list(names)); they must be \(PartValidation.list(expected)) as in the first file, in this order"
      )
    }
    let found = place < names.count ? "is \(ShownText.quoted(names[place]))" : "is missing"
    let right = place < expected.count ? "must be \(ShownText.quoted(expected[place]))" : "must not be there"
    throw fault(.shape, "column \(place + 1) \(found); it \(right) as in the first file")
  }

  /// What else than commas is between the names, if they seem to be one.
  private static func separator(of names: [String]) -> String? {
    guard names.count == 1, names[0] != CSVTable.labelColumn else { return nil }
    for (byte, name) in [(UInt8(ascii: ";"), "semicolons"), (9, "tabs"), (UInt8(ascii: "|"), "bars")]
    where names[0].utf8.contains(byte) { return name }
    return nil
  }

  /// What a header without `label` has, and which of it may have been meant.
  private static func found(_ names: [String]) -> String {
    let columns = "It has the \(names.count == 1 ? "column" : "columns") \(PartValidation.list(names))"
    if names.allSatisfy({ DecimalNumber.parse(Array($0.utf8)[...]) != nil }) {
      return columns + ", which are numbers: the first line must be a header with names"
    }
    let usual = ["label", "labels", "class", "classes", "target", "y", "species", "category", "outcome"]
    guard let meant = names.first(where: { usual.contains($0.lowercased()) }) else { return columns }
    return columns + "; rename \(ShownText.quoted(meant)) if that is the one"
  }
}
