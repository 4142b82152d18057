/// The columns of `evaluations`, without its place.
enum EvaluationColumn: Int, TableColumn {
  case key, divergedAt, names, points, study, origin, computeSeconds, createdAt, folds

  static let all = Array(allCases)
  static let selection = "SELECT \(all.names) FROM evaluations WHERE key = ?"
}
