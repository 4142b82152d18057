import ExactText
import Foundation
import HTTPMessages
import JSONText
import StudyDefinitions

/// The query of a request, checked against the names that the route knows.
struct Query: Sendable {
  private var values: [String: [String]] = [:]

  init(_ request: HTTPRequest, known: [String]) throws(APIProblem) {
    for (name, value) in request.query {
      guard known.containsExactly(name) else {
        let nearest = NearestName.of(name, among: known).map { "; did you mean \"\($0)\"?" } ?? "."
        throw .badQuery(name, "The query has no parameter \"\(name)\" here\(nearest)")
      }
      values[name, default: []].append(value)
    }
    for (name, list) in values where list.count > 1 && name != "label" {
      throw .badQuery(name, "\(name) appears \(list.count == 2 ? "twice" : "\(list.count) times"); give it once.")
    }
  }

  subscript(name: String) -> String? { values[name]?.first }

  func all(_ name: String) -> [String] { values[name] ?? [] }

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

/// Where a list goes on: opaque to callers, and bound to the filters that it was made with.
enum Cursor {
  /// The cursor after a key.
  static func text(_ key: [JSONValue], filters: String) -> String {
    let bytes = Array(JSONValue.array([.string(filters)] + key).text.utf8)
    return Data(check(bytes) + bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
  }

  /// The key that a cursor was made of; nil in the query means the list's beginning.
  static func key(_ query: Query, filters: String) throws(APIProblem) -> [JSONValue]? {
    guard let text = query["after"] else { return nil }
    var base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    let data = Array(Data(base64Encoded: base64) ?? Data())
    let bytes = Array(data.dropFirst(8))
    guard data.count > 8, Array(data[..<8]) == check(bytes), let value = try? JSONValue(parsing: bytes),
      let elements = value.arrayValue, elements.count > 1
    else { throw .badQuery("after", "after is not a cursor of this list; take `next` of the previous page.") }
    guard elements[0].stringValue?.isExactly(filters) == true else {
      throw .badQuery("after", "after belongs to a list with other filters; begin again without it.")
    }
    return Array(elements.dropFirst())
  }

  /// Eight bytes that tell a cursor of ours from one that was made up or cut; no secret.
  private static func check(_ bytes: [UInt8]) -> [UInt8] {
    let hash = EntityTag.hash(Array("cursor".utf8) + bytes)
    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
  }
}
