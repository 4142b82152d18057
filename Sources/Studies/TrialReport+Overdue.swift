import JSONText

extension TrialReport {
  /// What a trial is whose training took longer than a limit in seconds.
  public static func overdue(_ limit: Double) -> TrialReport {
    .failed(
      message:
        "The training took longer than budget.trial_seconds, which is \(JSONNumber.text(limit)); raise it and retry the "
        + "trial, or leave out the values that make a training long.",
      class: .time)
  }
}
