/// The conditions under which a request wants an answer (RFC 9110, section 13.1).
public enum Conditions {
  /// Whether the client has this response already, by its tag or, where it names none, by its time.
  ///
  /// Tags are compared weakly. Only a 200 to GET or HEAD can be known already.
  public static func isNotModified(_ request: HTTPRequest, _ response: HTTPResponse) -> Bool {
    guard request.method == "GET" || request.method == "HEAD", response.status == 200 else { return false }
    let tags = request.headers.values(of: "If-None-Match")
    if !tags.isEmpty { return response.headers["ETag"].map { contains(tags, $0) } ?? (tags == ["*"]) }
    guard let since = request.headers["If-Modified-Since"].flatMap({ IMFFixdate.seconds($0) }),
      let modified = response.headers["Last-Modified"].flatMap({ IMFFixdate.seconds($0) })
    else { return false }
    return modified <= since
  }

  /// The 304 in place of a response: its fields but those that describe the body.
  public static func notModified(_ response: HTTPResponse) -> HTTPResponse {
    let aboutTheBody = [
      "Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition", "Content-Range", "Accept-Ranges",
      "Link",
    ]
    let kept = response.headers.fields.filter { field in
      !aboutTheBody.contains { HTTPHeaders.same($0, field.name) }
    }
    return HTTPResponse(status: 304, headers: HTTPHeaders(kept.map { ($0.name, $0.value) }))
  }

  /// Whether a list of tags has one, compared weakly; `*` means any.
  public static func contains(_ values: [String], _ tag: String) -> Bool {
    tags(in: values.joined(separator: ",")).contains { $0 == "*" || opaque($0) == opaque(tag) }
  }

  /// Splits a list of tags; a comma within quotes belongs to its tag.
  private static func tags(in text: String) -> [String] {
    var (tags, current, isQuoted): ([String], String, Bool) = ([], "", false)
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == ",", !isQuoted {
        tags.append(current.trimmingBlanks())
        current = ""
      } else {
        current.append(character)
      }
    }
    return tags + [current.trimmingBlanks()]
  }

  private static func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }
}
