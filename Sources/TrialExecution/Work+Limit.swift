import Studies

extension Work {
  /// How long the training of one trial may take, in seconds; nil: any time.
  var secondsLimit: Double? {
    switch self {
    // All are handed out at once, under one budget.
    case .trials(let trials): trials.first?.secondsLimit
    case .ahead(let ahead): ahead.secondsLimit
    case .model: nil
    }
  }
}
