import JSONText

/// How much of a study's budget goes to new runs of the points that may still be best, and when that is enough.
public struct ConfirmDefinition: Sendable, Hashable {
  /// The confidence where none is given.
  public static let defaultConfidence = 0.95
  /// How many trials are such runs at most.
  public var trials: Int
  /// How certain it is, at least, that no point is taken out wrongly; above 0.5 and below 1.
  public var confidence: Double

  /// Makes one.
  public init(trials: Int, confidence: Double = ConfirmDefinition.defaultConfidence) {
    self.trials = trials
    self.confidence = confidence
  }

  /// Reads what `json` wrote; nil where it is something else.
  public init?(json: JSONValue) {
    guard let trials = json["trials"]?.integerValue, let confidence = json["confidence"]?.numberValue else {
      return nil
    }
    self.init(trials: trials, confidence: confidence)
  }

  /// As `resolved` and edits have it.
  public var json: JSONValue { ["trials": .number(Double(trials)), "confidence": .number(confidence)] }
}
