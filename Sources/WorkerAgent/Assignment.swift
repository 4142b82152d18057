import JSONText

/// A trial that the service has handed out.
struct Assignment: Sendable, Hashable {
  var number: Int
  var attempt: Int
  var parameters: JSONObject
  var lease: String
  var seed: String

  /// Reads an item of an answer; nil where it is not as the contract has it.
  init?(_ item: JSONValue) {
    guard let number = item["number"]?.integerValue, let parameters = item["parameters"]?.objectValue,
      let lease = item["lease"]?.stringValue
    else { return nil }
    self.init(
      number: number, attempt: item["attempt"]?.integerValue ?? 1, parameters: parameters, lease: lease,
      seed: item["seed"]?.text ?? "0")
  }

  init(number: Int, attempt: Int, parameters: JSONObject, lease: String, seed: String) {
    self.number = number
    self.attempt = attempt
    self.parameters = parameters
    self.lease = lease
    self.seed = seed
  }
}

/// What the service gives to one who asks for trials.
struct Offer: Sendable, Hashable {
  var trial: Assignment?
  var studyState: String
  var retryAfter: Double?
  var waitingFor: String?

  /// Reads an answer; nil where it is not as the contract has it.
  init?(_ answer: JSONValue) {
    guard let items = answer["items"]?.arrayValue, let state = answer["study_state"]?.stringValue else { return nil }
    if let item = items.first {
      guard let trial = Assignment(item) else { return nil }
      self.trial = trial
    }
    studyState = state
    retryAfter = answer["retry_after_seconds"]?.numberValue
    waitingFor = answer["waiting_for"]?.stringValue
  }

  /// Whether nothing comes any more.
  var hasEnded: Bool { trial == nil && StudyFacts.hasEnded(studyState) }
}
