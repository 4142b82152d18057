/// Single ranges of bytes (RFC 9110, section 14).
public enum ByteRange {
  /// What a `Range` field asks for.
  enum Wish: Equatable {
    /// Nothing that is served: the whole is the answer.
    case whole
    /// These bytes.
    case part(Range<Int>)
    /// Bytes behind the end.
    case unsatisfiable
  }

  /// The part of a 200 that a GET asks for: 206, 416 where there is no such part, or the response itself.
  ///
  /// Several ranges, other units and what cannot be read get the whole, as does an `If-Range` that does not name this
  /// very response: a strong `ETag`, or exactly its `Last-Modified`. The client that has the response already gets the
  /// whole too, so that 304 can follow.
  public static func apply(_ response: HTTPResponse, for request: HTTPRequest) -> HTTPResponse {
    guard response.status == 200, response.stream == nil else { return response }
    var response = response
    response.headers["Accept-Ranges"] = "bytes"
    let fields = request.headers.values(of: "Range")
    guard request.method == "GET", fields.count == 1, mayJoin(request, response),
      !Conditions.isNotModified(request, response)
    else { return response }
    let length = response.body.count
    switch wish(fields[0], length: length) {
    case .whole: return response
    case .part(let range):
      response.status = 206
      response.headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
      response.body = Array(response.body[range])
      return response
    case .unsatisfiable:
      var refusal = MessageFault(416, "The body has \(length) bytes; the range begins after them.").response
      refusal.headers["Content-Range"] = "bytes */\(length)"
      refusal.headers["Accept-Ranges"] = "bytes"
      return refusal
    }
  }

  /// Reads `bytes=1-2`, `bytes=1-` or `bytes=-2`.
  static func wish(_ field: String, length: Int) -> Wish {
    let text = field.lowercased()
    guard text.hasPrefix("bytes=") else { return .whole }
    let set = String(text.dropFirst(6)).trimmingBlanks()
    let parts = set.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }) else { return .whole }
    // Digits alone fail to convert only where the number is beyond Int, and so beyond every length.
    let numbers = parts.map { $0.isEmpty ? nil : Int($0) ?? .max }
    switch (numbers[0], numbers[1]) {
    case (nil, nil): return .whole
    case (nil, let count?): return count == 0 || length == 0 ? .unsatisfiable : .part(max(0, length - count)..<length)
    case (let first?, let last):
      if let last, last < first { return .whole }
      guard first < length else { return .unsatisfiable }
      return .part(first..<(min(last ?? .max, length - 1) + 1))
    }
  }

  private static func mayJoin(_ request: HTTPRequest, _ response: HTTPResponse) -> Bool {
    guard let validator = request.headers["If-Range"] else { return true }
    if validator.hasPrefix("\"") { return validator == response.headers["ETag"] }
    return !validator.hasPrefix("W/") && validator == response.headers["Last-Modified"]
  }
}
