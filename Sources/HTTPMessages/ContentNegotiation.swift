/// Chooses the content coding of a response, and whether the client has it already (RFC 9110, sections 8, 12.5.3, 13.1).
public enum ContentNegotiation {
  /// The most bytes of a body that is never compressed: a packet holds it either way.
  static let smallest = 1024

  /// The response as this client should get it: compressed where that pays, or 304 where it has it already.
  ///
  /// To be called once for each response, last. `gzip` compresses bytes to one gzip member. A strong `ETag` becomes weak
  /// when its body is compressed: so each coding has a tag of its own, either is right for `If-None-Match`, and no range
  /// of one is joined to the other. Streams, partial content and what is encoded already are left as they are.
  public static func finish(
    _ response: HTTPResponse, for request: HTTPRequest, gzip: ([UInt8]) async -> [UInt8]
  ) async -> HTTPResponse {
    var (response, compresses) = decide(response, for: request)
    if compresses { response.body = await gzip(response.body) }
    return response
  }

  /// The response as this client should get it, and whether its body must still be compressed; as `finish`, which takes
  /// both steps.
  public static func decide(
    _ response: HTTPResponse, for request: HTTPRequest
  ) -> (response: HTTPResponse, compresses: Bool) {
    var response = response
    let isEligible =
      response.stream == nil && (response.status == 206 || response.body.count > smallest)
      && isCompressible(response.headers["Content-Type"] ?? "") && !response.headers.contains("Content-Encoding")
    // Which of two bodies is sent, or whether a range is, hangs on what the client accepts.
    if isEligible { addVary(&response.headers) }
    let compresses = isEligible && mayCompress(response) && AcceptEncoding(request.headers).prefersGzip
    if compresses, let tag = response.headers["ETag"], !tag.hasPrefix("W/") { response.headers["ETag"] = "W/" + tag }
    if Conditions.isNotModified(request, response) { return (Conditions.notModified(response), false) }
    guard compresses else { return (response, false) }
    response.headers.append("Content-Encoding", "gzip")
    response.headers["Accept-Ranges"] = nil
    return (response, true)
  }

  /// Whether bytes of a media type become much smaller: text, and what is written as text.
  static func isCompressible(_ mediaType: String) -> Bool {
    if mediaType == "application/json" { return true }
    let end = mediaType.firstIndex(of: ";") ?? mediaType.endIndex
    let name = String(mediaType[..<end]).trimmingBlanks().lowercased()
    if name.hasPrefix("text/") { return name != "text/event-stream" }
    if name.hasSuffix("+json") || name.hasSuffix("+xml") { return true }
    return ["application/json", "application/javascript", "application/xml", "application/wasm"].contains(name)
  }

  private static func mayCompress(_ response: HTTPResponse) -> Bool {
    guard response.status >= 200, ![204, 206, 304].contains(response.status) else { return false }
    guard response.body.count > smallest else { return false }
    let control = response.headers.values(of: "Cache-Control")
    return control == ["no-cache"] || !control.joined(separator: ",").lowercased().contains("no-transform")
  }

  private static func addVary(_ headers: inout HTTPHeaders) {
    let names = headers.values(of: "Vary")
    if names.isEmpty { return headers.append("Vary", "Accept-Encoding") }
    let listed = names.flatMap { $0.split(separator: ",") }.map { String($0).trimmingBlanks().lowercased() }
    guard !listed.contains("accept-encoding"), !listed.contains("*") else { return }
    headers["Vary"] = (names + ["Accept-Encoding"]).joined(separator: ", ")
  }
}

/// What a client says of content codings (RFC 9110, section 12.5.3).
struct AcceptEncoding {
  /// Whether gzip is accepted, and at least as welcome as no coding.
  let prefersGzip: Bool

  init(_ headers: HTTPHeaders) {
    var (gzip, identity, other): (Int?, Int?, Int?) = (nil, nil, nil)
    let values = headers.values(of: "Accept-Encoding")
    for member in values.isEmpty ? [] : values.joined(separator: ",").split(separator: ",") {
      let parts = member.split(separator: ";", omittingEmptySubsequences: false)
        .map { String($0).trimmingBlanks().lowercased() }
      let weight = parts.count == 1 ? 1000 : Self.weight(parts[1])
      // A member that cannot be read says nothing.
      guard let weight, parts.count <= 2 else { continue }
      switch parts[0] {
      case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
      case "identity": identity = weight
      case "*": other = weight
      default: break
      }
    }
    let accepted = gzip ?? other ?? 0
    // Identity is always acceptable, but comes last where the client does not name it.
    prefersGzip = accepted > 0 && accepted >= identity ?? other ?? 0
  }

  /// `q=0.123` in thousandths, nil where it is no weight.
  private static func weight(_ text: String) -> Int? {
    guard text.hasPrefix("q=") else { return nil }
    let digits = Array(text.utf8.dropFirst(2))
    guard let first = digits.first, first == 0x30 || first == 0x31, digits.count <= 5 else { return nil }
    if digits.count > 1, digits[1] != UInt8(ascii: ".") { return nil }
    var value = Int(first - 0x30) * 1000
    for (digit, unit) in zip(digits.dropFirst(2), [100, 10, 1]) {
      guard digit.isDigit else { return nil }
      value += Int(digit - 0x30) * unit
    }
    return value <= 1000 ? value : nil
  }
}
