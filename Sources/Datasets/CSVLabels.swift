import ExactText

/// Reads the labels of a table.
struct LabelReader {
  /// What programs write for a label that is missing: those of pandas and R, and the question mark of UCI's tables.
  static let missingWords = [
    "NaN", "nan", "NAN", "-NaN", "-nan", "NA", "N/A", "n/a", "<NA>", "#N/A", "#NA", "NULL", "Null", "null", "None", "?",
  ]
  /// The most bytes of a label, as of a class of the other formats.
  private static let longest = 1024
  private let missing = Set(LabelReader.missingWords.map { ExactText($0) })
  private let rules: ReadingRules

  init(_ rules: ReadingRules) { self.rules = rules }

  /// A field's label; a missing one is a fault. In quotes any word is a class, as R writes it.
  func read(_ field: CSVReader.Field, _ reader: inout CSVReader) throws -> String {
    let text = try reader.text(field)
    let label = rules == .first ? text : text.withoutOuterWhiteSpace
    func fault(_ problem: String) -> DatasetError {
      DatasetError(
        .label, file: reader.file, dataset: ShownText.column(CSVTable.labelColumn), row: reader.row, problem)
    }
    guard !label.isEmpty else {
      throw fault("the label is empty; every example needs one: fill it in, or leave out the row")
    }
    guard rules == .first || label.utf8.count <= Self.longest else {
      throw fault("the label has \(label.utf8.count) bytes; at most \(Self.longest) are allowed")
    }
    if rules != .first, !reader.isQuoted(field), missing.contains(ExactText(label)) {
      throw fault(
        "the label \(label) marks a missing value; every example needs a label: fill it in, or leave out the row (a "
          + "class of this name is written in quotes: \"\(label)\")")
    }
    return label
  }
}

extension String {
  /// The text without white space at its ends (Unicode's, so also the no-break space that web pages and spreadsheets
  /// leave behind), and without a byte order mark.
  var withoutOuterWhiteSpace: String {
    func isOuter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || scalar == "\u{FEFF}" }
    guard let first = unicodeScalars.first, let last = unicodeScalars.last, isOuter(first) || isOuter(last) else {
      return self
    }
    var rest = unicodeScalars[...]
    while let scalar = rest.first, isOuter(scalar) { rest.removeFirst() }
    while let scalar = rest.last, isOuter(scalar) { rest.removeLast() }
    return String(rest)
  }
}

/// The classes that a table's labels name.
struct ClassNames {
  /// Numerically ascending where all are integers, else in the order of their bytes.
  let names: [String]
  private var index: [ExactText: Int32] = [:]
  /// By value, where all are numbers.
  private var indexOfNumber: [Double: Int32] = [:]
  private let areIntegers: Bool
  /// By the first rules: which of several normal forms of a label its class is called by.
  private var firstForms: [String: String]?

  init(of labels: [String], _ rules: ReadingRules) {
    var labels = labels
    if rules == .first {
      let forms = Dictionary(labels.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
      labels = Array(forms.values)
      firstForms = forms
    }
    let distinct = Set(labels.map { ExactText($0) }).sorted().map(\.string)
    areIntegers = distinct.allSatisfy { Int($0) != nil }
    let numbers = rules == .first ? nil : Self.numbers(distinct)
    if areIntegers {
      names = Set(distinct.map { Int($0)! }).sorted().map(String.init)
    } else if let numbers {
      // 1 and 1.0 are one class, called by its shortest form.
      var shortest: [Double: String] = [:]
      for (name, number) in zip(distinct, numbers) where shortest[number].map({ name.count < $0.count }) ?? true {
        shortest[number] = name
      }
      names = shortest.values.map { ExactText($0) }.sorted().map(\.string)
    } else {
      names = distinct
    }
    for (number, name) in names.enumerated() { index[ExactText(name)] = Int32(number) }
    if numbers != nil, let values = Self.numbers(names) {
      for (number, value) in values.enumerated() { indexOfNumber[value] = Int32(number) }
    }
  }

  /// The values of texts that are all finite numbers.
  private static func numbers(_ texts: [String]) -> [Double]? {
    var numbers: [Double] = []
    for text in texts {
      guard let number = DecimalNumber.parse(Array(text.utf8)[...]), number.isFinite else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// The labels as indices into `names`; a label that the first part does not have is a fault.
  func indices(of labels: [String], file: String) throws -> [Int32] {
    try labels.enumerated().map { row, label in
      let form = firstForms.map { $0[label] ?? label } ?? label
      let name = areIntegers ? Int(form).map(String.init) ?? form : form
      if let found = index[ExactText(name)] { return found }
      if !indexOfNumber.isEmpty, let number = DecimalNumber.parse(Array(name.utf8)[...]),
        let found = indexOfNumber[number]
      {
        return found
      }
      throw DatasetError(
        .label, file: file, dataset: ShownText.column(CSVTable.labelColumn), row: row + 2,
        "\(ShownText.quoted(label)) is not a class of the first file; labels must be among its classes"
          + (names.count <= 10 ? " (\(names.map { ShownText.quoted($0) }.joined(separator: ", ")))" : ""))
    }
  }
}
