/// What a table says: its header, the names of its features, their values (N, D) and its labels (N).
struct CSVTable {
  /// The column with the class of each example.
  static let labelColumn = "label"

  var header: [String]
  var columns: [String]
  var values: [Double]
  var labels: [String]
}
