/// What a comparison of studies reads of a trial.
public struct TrialBrief: Sendable, Hashable {
  public var number: Int
  public var state: TrialState
  /// The objective; nil without a completed outcome, and of a further run of a point, which no search has found.
  public var value: Double?
  /// Tells points of one space apart: a hash of their values in canonical form.
  public var point: UInt64
  /// The number of the setting that was asked for; nil where it is not tuned, or no number.
  public var setting: Double?
  /// What its evaluations took, whichever study they were trained for; nil where that was not recorded.
  public var seconds: Double?

  /// Makes one.
  public init(number: Int, state: TrialState, value: Double?, point: UInt64, setting: Double?, seconds: Double?) {
    self.number = number
    self.state = state
    self.value = value
    self.point = point
    self.setting = setting
    self.seconds = seconds
  }

  /// What is read of a whole trial.
  public init(_ trial: Trial, setting: String?) {
    let isKnown = trial.reusedFrom == nil || trial.sharedSeconds != nil
    self.init(
      number: trial.number, state: trial.state, value: trial.replicate == 0 ? trial.value : nil,
      point: Self.hash(trial.point.key.utf8), setting: setting.flatMap { trial.point[$0]?.number },
      seconds: isKnown ? (trial.computeSeconds ?? 0) + (trial.sharedSeconds ?? 0) : nil)
  }

  /// The hash of a point in canonical form: 64 bits of FNV-1a.
  public static func hash(_ canonical: some Sequence<UInt8>) -> UInt64 {
    canonical.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
