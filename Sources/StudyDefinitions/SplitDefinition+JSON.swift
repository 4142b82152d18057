import JSONText

extension SplitDefinition {
  /// The split as the contract writes it.
  public var json: JSONValue {
    switch self {
    case .second: return "second"
    case .test: return "test"
    case .holdout(let share, let test):
      var object = JSONObject([("holdout", .number(share))])
      object["test"] = test.map { .number($0) }
      return .object(object)
    case .folds(let count): return ["folds": .number(Double(count))]
    }
  }

  init?(json: JSONValue) {
    if json == "test" {
      self = .test
    } else if json == "second" {
      self = .second
    } else if let share = json["holdout"]?.numberValue {
      self = .holdout(share, test: json["test"]?.numberValue)
    } else if let count = json["folds"]?.integerValue {
      self = .folds(count)
    } else {
      return nil
    }
  }
}

extension FinalPart {
  /// The part as the contract writes it.
  public var json: JSONValue {
    switch self {
    case .second: "second"
    case .share(let share): ["share": .number(share)]
    }
  }

  init?(json: JSONValue) {
    if json == "second" {
      self = .second
    } else if let share = json["share"]?.numberValue {
      self = .share(share)
    } else {
      return nil
    }
  }
}

extension ScoredPart {
  /// The form that `resolved` has.
  var json: JSONValue {
    [
      "examples": .number(Double(examples)),
      "most_frequent": ["class": .string(mostFrequentClass), "examples": .number(Double(mostFrequent))],
    ]
  }

  init?(json: JSONValue) {
    guard let examples = json["examples"]?.integerValue, let most = json["most_frequent"]?["examples"]?.integerValue
    else { return nil }
    self.init(
      examples: examples, mostFrequentClass: json["most_frequent"]?["class"]?.stringValue ?? "", mostFrequent: most)
  }
}

extension TrainingSplit {
  /// The form that keys of the record have; those of splits that version 1 had are as they were then.
  var keyJSON: JSONValue {
    var object: JSONObject
    switch split {
    case .second, .test:
      guard setAside != nil else { return "test" }
      object = JSONObject([("second", true)])
    case .holdout(let share, _): object = JSONObject([("holdout", .number(share))])
    case .folds(let count): object = JSONObject([("folds", .number(Double(count)))])
    }
    object["test"] = setAside.map { .number($0) }
    return .object(object)
  }
}

extension Budget {
  /// Every bound, null where there is none.
  public var json: JSONValue {
    [
      "trials": trials.map { .number(Double($0)) } ?? .null,
      "seconds": seconds.map { .number($0) } ?? .null,
      "stall_trials": stallTrials.map { .number(Double($0)) } ?? .null,
      "trial_seconds": trialSeconds.map { .number($0) } ?? .null,
    ]
  }

  init(json: JSONValue) {
    self.init(
      trials: json["trials"]?.integerValue, seconds: json["seconds"]?.numberValue,
      stallTrials: json["stall_trials"]?.integerValue, trialSeconds: json["trial_seconds"]?.numberValue)
  }
}
