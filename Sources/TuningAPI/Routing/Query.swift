import ExactText
import HTTPMessages
import StudyDefinitions

/// The query of a request, held against the names that its route takes.
struct Query: Sendable {
  private var values: [String: [String]] = [:]
  private let rule: QueryRule

  init(_ request: HTTPRequest, _ rule: QueryRule) throws(APIProblem) {
    self.rule = rule
    guard !request.query.isEmpty, let known = rule.known else { return }
    for (name, value) in request.query {
      guard known.containsExactly(name) else {
        let nearest = NearestName.clause(for: name, among: known)
        throw .badQuery(name, "The query has no parameter \"\(name)\" here\(nearest).")
      }
      values[name, default: []].append(value)
    }
    for (name, list) in values where list.count > 1 && !rule.mayRepeat(name) {
      throw .badQuery(name, "\(name) appears \(list.count == 2 ? "twice" : "\(list.count) times"); give it once.")
    }
  }

  /// The value of a name that the route takes; nil where the query lacks it.
  subscript(name: String) -> String? { all(name).first }

  /// Every value of a name, in the order of the query.
  func all(_ name: String) -> [String] {
    assert(rule.known?.contains(name) == true, "the route reads \(name), and does not say that it takes it")
    return values[name] ?? []
  }

  /// An integer of a range, or its default.
  func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(APIProblem) -> Int {
    guard let text = self[name] else { return standard }
    guard let value = Int(text), range.contains(value), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .badQuery(
        name, "\(name) is \"\(text)\"; it should be an integer from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// Seconds from 0 to some most, with or without a fraction, or 0.
  func seconds(_ name: String, upTo most: Int) throws(APIProblem) -> Double {
    guard let text = self[name] else { return 0 }
    // Neither a sign, nor blanks, nor what Swift reads beside decimal numbers.
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    guard isPlain, text.utf8.first.map({ (0x30...0x39).contains($0) }) == true, let value = Double(text), value >= 0,
      value <= Double(most)
    else {
      throw .badQuery(name, "\(name) is \"\(text)\"; it should be a number of seconds from 0 to \(most).")
    }
    return value
  }

  /// A list of names, parted by commas.
  func list<Value: RawRepresentable & CaseIterable & Hashable>(
    _ name: String, of type: Value.Type
  ) throws(APIProblem) -> Set<Value> where Value.RawValue == String {
    var found: Set<Value> = []
    for text in self[name]?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      guard let value = Value(rawValue: String(text)) else {
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw .badQuery(name, "\(name) has \"\(text)\"; allowed are \(names).")
      }
      found.insert(value)
    }
    return found
  }
}
