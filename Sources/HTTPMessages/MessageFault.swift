/// Why a request cannot be served, before any handler has seen it.
public struct MessageFault: Error, Sendable, Equatable {
  /// The status of the answer.
  public var status: Int
  /// What is wrong, in one sentence for a person.
  public var detail: String

  /// Makes a fault.
  public init(_ status: Int, _ detail: String) {
    self.status = status
    self.detail = detail
  }

  /// The fault as a problem document (RFC 9457).
  public var response: HTTPResponse {
    let (title, text) = (Self.quoted(StatusPhrase.of(status)), Self.quoted(detail))
    let body = #"{"type":"about:blank","title":\#(title),"status":\#(status),"detail":\#(text)}"#
    let fields = [("Content-Type", "application/problem+json"), ("X-Content-Type-Options", "nosniff")]
    return HTTPResponse(status: status, headers: HTTPHeaders(fields), body: Array(body.utf8))
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
