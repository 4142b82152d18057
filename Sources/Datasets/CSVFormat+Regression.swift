import ExactText

extension CSVFormat {
  /// Throws where labels are what a regression would be asked for: measured values, not names of classes.
  ///
  /// Numbers with decimals are measured where there are more than a hundred, or more than ten and one in ten rows brings
  /// another. Whole numbers can be the names of classes: they are measured where there are more than thirty, with gaps
  /// between them, of which every fifth or more occurs once.
  static func checkIsNoRegression(_ labels: [String], file: String) throws {
    var counts: [Double: Int] = [:]
    for label in labels {
      guard let number = DecimalNumber.parse(Array(label.utf8)[...]), number.isFinite else { return }
      counts[number, default: 0] += 1
    }
    guard counts.count > 10, let least = counts.keys.min(), let most = counts.keys.max() else { return }
    let isMeasured: Bool
    if counts.keys.allSatisfy({ $0 == $0.rounded() }) {
      let once = counts.values.count { $0 == 1 }
      isMeasured = counts.count > 30 && most - least + 1 > Double(counts.count) && once * 5 >= counts.count
    } else {
      isMeasured = counts.count > 100 || counts.count * 10 > labels.count
    }
    guard isMeasured else { return }
    throw DatasetError(
      .classes, file: file, dataset: ShownText.column(CSVTable.labelColumn),
      "this looks like regression: the column has \(counts.count) different numbers in \(labels.count) rows, and Cairn "
        + "classifies; give a column of classes (where each number is a class, write it as a name, such as "
        + "c\(labels[0]))")
  }
}
