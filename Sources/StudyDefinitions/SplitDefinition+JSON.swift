import JSONText

extension SplitDefinition {
  /// The split as the contract writes it.
  public var json: JSONValue {
    switch self {
    case .test: return "test"
    case .holdout(let share, let test):
      var object = JSONObject([("holdout", .number(share))])
      object["test"] = test.map { .number($0) }
      return .object(object)
    case .folds(let count): return ["folds": .number(Double(count))]
    }
  }

  init?(json: JSONValue) {
    if json.stringValue == "test" {
      self = .test
    } else if let share = json["holdout"]?.numberValue {
      self = .holdout(share, test: json["test"]?.numberValue)
    } else if let count = json["folds"]?.integerValue {
      self = .folds(count)
    } else {
      return nil
    }
  }
}

extension Budget {
  /// Both bounds, null where there is none.
  public var json: JSONValue {
    [
      "trials": trials.map { .number(Double($0)) } ?? .null,
      "seconds": seconds.map { .number($0) } ?? .null,
    ]
  }

  init(json: JSONValue) {
    self.init(trials: json["trials"]?.integerValue, seconds: json["seconds"]?.numberValue)
  }
}
