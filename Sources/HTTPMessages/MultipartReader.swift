/// What a body of `multipart/form-data` holds, as it comes in (RFC 7578, RFC 2046 section 5.1).
public enum MultipartEvent: Sendable {
  /// A part begins: the field's name, and the file's name where it is a file.
  case part(name: String, fileName: String?)
  /// Some of the part's content.
  case content([UInt8])
  /// The part is whole.
  case partEnd
  /// The body is whole.
  case end
}

/// Cuts a stream of bytes into parts; keeps no more than a boundary's length of it.
public struct MultipartReader: Sendable {
  /// The most bytes that the head of a part may have.
  private static let headLimit = 16 << 10

  private enum State { case preamble, head, content, end }

  private let delimiter: [UInt8]
  private var buffer: [UInt8]
  private var state = State.preamble

  /// Reads bodies whose `Content-Type` has this boundary, 1–70 characters.
  public init(boundary: String) {
    delimiter = Array("\r\n--\(boundary)".utf8)
    // The first boundary may be at the very beginning, without the line break that belongs to it.
    buffer = [0x0D, 0x0A]
  }

  /// The boundary of a content type; nil where it is not `multipart/form-data` with one.
  public static func boundary(of contentType: String) -> String? {
    let parameters = Parameters(contentType)
    guard parameters.value.lowercased() == "multipart/form-data", let boundary = parameters["boundary"],
      (1...70).contains(boundary.utf8.count)
    else { return nil }
    return boundary
  }

  /// Takes bytes; nil ends the body. Throws a fault where the body is not well formed.
  public mutating func take(_ bytes: [UInt8]?, into events: inout [MultipartEvent]) throws(MessageFault) {
    if let bytes { buffer += bytes }
    while try step(into: &events) {}
    if bytes == nil, state != .end {
      throw MessageFault(400, "The body ends before its last boundary; it must end with the boundary and two dashes.")
    }
  }

  private mutating func step(into events: inout [MultipartEvent]) throws(MessageFault) -> Bool {
    switch state {
    case .end:
      buffer.removeAll()
      return false
    case .preamble, .content:
      guard let at = find(delimiter) else {
        // What could be the beginning of a boundary stays.
        let safe = buffer.count - delimiter.count
        if safe > 0 {
          if state == .content { events.append(.content(Array(buffer[..<safe]))) }
          buffer.removeFirst(safe)
        }
        return false
      }
      // A line break follows the boundary, or two dashes at the very end.
      guard buffer.count >= at + delimiter.count + 2 else {
        if state == .content, at > 0 { events.append(.content(Array(buffer[..<at]))) }
        buffer.removeFirst(at)
        return false
      }
      if state == .content {
        if at > 0 { events.append(.content(Array(buffer[..<at]))) }
        events.append(.partEnd)
      }
      let mark = Array(buffer[(at + delimiter.count)..<(at + delimiter.count + 2)])
      buffer.removeFirst(at + delimiter.count + 2)
      if mark == Array("--".utf8) {
        state = .end
        events.append(.end)
      } else if mark == [0x0D, 0x0A] {
        state = .head
      } else {
        throw MessageFault(400, "A boundary must be followed by a line break or two dashes.")
      }
      return true
    case .head:
      guard let end = find([0x0D, 0x0A, 0x0D, 0x0A]) else {
        // Its end may have begun.
        guard buffer.count <= Self.headLimit + 3 else { throw Self.longHead }
        return false
      }
      guard end <= Self.headLimit else { throw Self.longHead }
      let head = String(decoding: buffer[..<end], as: UTF8.self)
      buffer.removeFirst(end + 4)
      events.append(try Self.part(head))
      state = .content
      return true
    }
  }

  private static let longHead = MessageFault(400, "The head of a part is longer than \(headLimit) bytes.")

  private func find(_ wanted: [UInt8]) -> Int? {
    guard buffer.count >= wanted.count else { return nil }
    return buffer.withUnsafeBufferPointer { bytes in
      let (first, last) = (wanted[0], bytes.count - wanted.count)
      var at = 0
      search: while at <= last {
        if bytes[at] == first {
          for offset in 1..<wanted.count where bytes[at + offset] != wanted[offset] {
            at += 1
            continue search
          }
          return at
        }
        at += 1
      }
      return nil
    }
  }

  private static func part(_ head: String) throws(MessageFault) -> MultipartEvent {
    for line in head.split(separator: "\r\n") {
      guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "content-disposition" else { continue }
      let parameters = Parameters(String(line[line.index(after: colon)...]))
      guard parameters.value.lowercased() == "form-data", let name = parameters["name"] else { break }
      // RFC 7578 has no `filename*`, but some clients know no other way to send a name beyond ASCII.
      let fileName = parameters["filename"] ?? parameters["filename*"].map { extended($0) ?? "file" }
      return .part(name: name, fileName: fileName)
    }
    throw MessageFault(400, "Every part needs `Content-Disposition: form-data` with a name.")
  }
}

extension MultipartReader {
  /// `charset'language'percent-encoded` of RFC 8187, section 3.2; nil where it is not.
  private static func extended(_ text: String) -> String? {
    let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
    return PercentDecoding.decode(parts[2].utf8)
  }
}

/// A field's value and its parameters: `form-data; name="x"; filename="a.csv"`.
private struct Parameters {
  let value: String
  private var members: [String: String] = [:]

  init(_ text: String) {
    var parts: [String] = []
    var (current, isQuoted, isEscaped) = ("", false, false)
    for character in text {
      if isEscaped {
        current.append(character)
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ";", !isQuoted {
        parts.append(current)
        current = ""
      } else {
        current.append(character)
      }
    }
    parts.append(current)
    value = parts[0].trimming()
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else { continue }
      members[part[..<equals].lowercased().trimming()] = String(part[part.index(after: equals)...]).trimming()
    }
  }

  subscript(name: String) -> String? { members[name] }
}

extension String {
  fileprivate func trimming() -> String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
