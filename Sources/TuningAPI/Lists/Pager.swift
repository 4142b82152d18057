import Foundation
import HTTPMessages
import JSONText
import Studies

/// One page of a list: how long it may be, where it begins, and how it leads to the next.
struct Pager {
  /// The names that every list takes.
  static let names = ["limit", "after"]
  static let limits = 1...1000
  static let standardLimit = 100

  /// The most items of the page.
  let limit: Int
  /// The key after which it begins; nil is the list's beginning.
  let after: [JSONValue]?
  private let filters: String

  /// Reads `limit` and `after`; `filters` tells lists apart, so that a cursor is refused by every other list.
  init(_ request: RouteRequest, filters: JSONValue) throws(APIProblem) {
    self.filters = filters.stringValue ?? filters.canonicalText
    limit = try request.query.integer("limit", in: Self.limits, default: Self.standardLimit)
    after = try Cursor.key(request.query, filters: self.filters)
  }

  /// The cursor of the page after a key.
  func cursor(after key: [JSONValue]) -> String { Cursor.text(key, filters: filters) }

  /// The cursor of the page after a key, in a list that is newest first.
  func cursor(after key: StudyKey) -> String {
    cursor(after: [.number((key.createdAt.timeIntervalSince1970 * 1000).rounded()), .string(key.id.uuidString)])
  }

  /// The key after which a list begins that is newest first; nil is the list's beginning.
  func studyKey() throws(APIProblem) -> StudyKey? {
    guard let key = after else { return nil }
    guard key.count == 2, let milliseconds = key[0].numberValue, let id = key[1].stringValue.flatMap(UUID.init)
    else { throw .notACursor }
    return StudyKey(createdAt: Date(timeIntervalSince1970: milliseconds / 1000), id: id)
  }
}

extension TuningAPI {
  /// A page of what is kept in memory, in order of its keys; `name` tells the list from others.
  func list<Item>(
    _ request: RouteRequest, _ name: String, _ items: [Item], key: (Item) -> String,
    _ write: (Item, inout JSONWriter) -> Void
  ) throws(APIProblem) -> HTTPResponse {
    let pager = try Pager(request, filters: .string(name))
    let after = pager.after?.first?.stringValue
    let left = items.sorted { key($0) < key($1) }.filter { item in after.map { key(item) > $0 } ?? true }
    let page = left.prefix(pager.limit)
    let next = left.count > pager.limit ? page.last.map { pager.cursor(after: [.string(key($0))]) } : nil
    return try list(request, page, next: next, position: nil, write)
  }

  /// A page of a list, with its link to the next; `write` writes one value for an item.
  func list<Items: Sequence>(
    _ request: RouteRequest, _ items: Items, next: String?, position: Int?,
    _ write: (Items.Element, inout JSONWriter) -> Void
  ) throws(APIProblem) -> HTTPResponse {
    var headers: [(String, String)] = []
    if let next {
      let others = request.http.query.filter { $0.name != "after" }.map {
        "\(Self.escape($0.name))=\(Self.escape($0.value))"
      }
      let query = (others + ["after=\(next)"]).joined(separator: "&")
      headers.append(("Link", "<?\(query)>; rel=\"next\""))
    }
    return try json(request, position: position, headers: headers) { writer in
      writer.object { writer in
        writer.array("items", of: items, write)
        writer.member("next", next)
      }
    }
  }

  /// Percent-encodes all but unreserved characters (RFC 3986, section 2.3).
  private static func escape(_ text: String) -> String {
    let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }
}
