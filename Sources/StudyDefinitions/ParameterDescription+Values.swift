import ExactText
import JSONText
import SearchSpace

extension ParameterDescription.Kind {
  /// The largest integer that every double up to it tells from its neighbours.
  public static let largestInteger = 9_007_199_254_740_991

  /// Any integer that JSON carries exactly.
  static let anyInteger = Self.integer(minimum: -largestInteger, maximum: largestInteger)

  /// Any finite number.
  static let anyReal = Self.real(
    minimum: -.infinity, maximum: .infinity, minimumExclusive: false, maximumExclusive: false)

  /// The value that a JSON value is, or nil where it is not allowed.
  func value(of json: JSONValue) -> ParameterValue? {
    switch self {
    case .integer(let minimum, let maximum):
      guard let integer = json.integerValue, minimum <= integer, integer <= maximum else { return nil }
      return .integer(integer)
    case .integers(let allowed):
      guard let integer = json.integerValue, allowed.contains(integer) else { return nil }
      return .integer(integer)
    case .real(let minimum, let maximum, let minimumExclusive, let maximumExclusive):
      guard let number = json.numberValue, number.isFinite, minimum <= number, number <= maximum,
        !(minimumExclusive && number == minimum), !(maximumExclusive && number == maximum)
      else { return nil }
      return .real(number == 0 ? 0 : number)
    case .categorical(let names):
      guard let text = json.stringValue, names.containsExactly(text) else { return nil }
      return .string(text)
    // Which names there are is looked at once the parameters are known.
    case .parameterName: return json.stringValue.map { .string($0) }
    }
  }

  /// What is allowed, to follow "must be".
  var expectation: String {
    switch self {
    case .integer(let minimum, let maximum):
      if maximum >= Self.largestInteger {
        return minimum <= -Self.largestInteger
          ? "an integer between -2^53 and 2^53" : "an integer of at least \(minimum) and below 2^53"
      }
      return "an integer from \(minimum) to \(maximum)"
    case .integers(let allowed): return "one of " + allowed.map(String.init).joined(separator: ", ")
    case .real(let minimum, let maximum, let minimumExclusive, let maximumExclusive):
      var bounds: [String] = []
      if minimum > -.infinity {
        bounds.append((minimumExclusive ? "above " : "of at least ") + JSONNumber.text(minimum))
      }
      if maximum < .infinity { bounds.append((maximumExclusive ? "below " : "at most ") + JSONNumber.text(maximum)) }
      return bounds.isEmpty ? "a number" : "a number " + bounds.joined(separator: " and ")
    case .categorical(let names):
      return "one of " + names.map { JSONValue.string($0).text }.joined(separator: ", ")
    case .parameterName: return "the name of a tuned parameter"
    }
  }

  /// One sentence on a value that is not allowed.
  func complaint(about name: String, _ json: JSONValue) -> String {
    var sentence = "\(name) must be \(expectation), but is \(json.kindOfValue)"
    if case .categorical(let names) = self, let text = json.stringValue {
      sentence += NearestName.clause(for: text, among: names)
    }
    return sentence + "."
  }
}
