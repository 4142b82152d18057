import Studies

extension TrialReport {
  /// What a trial is whose training took longer than a limit in seconds.
  static func overdue(_ limit: Double) -> TrialReport {
    let text = "\(limit)"
    let shown = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    return .failed(
      message:
        "The training took longer than budget.trial_seconds, which is \(shown); raise it and retry the trial, or "
        + "leave out the values that make a training long.",
      class: .time)
  }
}

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
