import Foundation
import HTTPMessages

/// What a body is said to be.
enum MediaType {
  static let json = "application/json"
  /// What `curl -d` says of JSON. Nothing here takes forms, so that such a body is read for what it is.
  static let form = "application/x-www-form-urlencoded"

  /// The media type of a body, without parameters and in small letters; nil where none is told.
  static func of(_ headers: HTTPHeaders) -> String? {
    headers["Content-Type"].map { $0.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() }
  }

  /// Whether a body may be JSON: it is said to be, or nothing is said of it.
  static func isTakenForJSON(_ headers: HTTPHeaders) -> Bool { [nil, json, form].contains(of(headers)) }
}
