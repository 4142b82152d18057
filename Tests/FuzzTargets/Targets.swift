import Compression
import Datasets
import Foundation
import HTTPMessages
import JSONText

/// What reads bytes from outside. Each must take any bytes without a crash, and keep what is said beside it.
public enum Targets {
  /// Every target by name.
  public static let all: [String: @Sendable ([UInt8]) -> Void] = {
    var all: [String: @Sendable ([UInt8]) -> Void] = [
      "request": request, "chunked": chunked, "json": json, "multipart": multipart, "gzip": gzip,
    ]
    for name in DatasetFormats.all.map({ $0.name }) { all[name] = { dataset(name, $0) } }
    return all
  }()

  /// However the bytes of a head are split, it is read alike.
  @Sendable private static func request(_ bytes: [UInt8]) {
    let whole = RequestParser.parse(bytes)
    var progress = RequestParser.Progress()
    for end in [bytes.count / 3, bytes.count / 2, bytes.count] {
      let outcome = bytes[..<end].withUnsafeBufferPointer { RequestParser.parse($0, progress: &progress) }
      switch (outcome, whole) {
      case (.partial, _) where end < bytes.count: continue
      case (.complete(let a, let used), .complete(let b, let expected)):
        precondition(used == expected && a.path == b.path && a.framing == b.framing)
      case (.bad, .bad), (.partial, .partial): break
      default: preconditionFailure("split at \(end), the head is read otherwise")
      }
      return
    }
  }

  /// However the bytes of a body are split, it is decoded alike.
  @Sendable private static func chunked(_ bytes: [UInt8]) {
    func decode(_ size: Int) -> (body: [UInt8], outcome: String) {
      var decoder = ChunkedDecoder()
      var body: [UInt8] = []
      var used = 0
      while used < bytes.count {
        let piece = bytes[used..<min(bytes.count, used + size)]
        switch piece.withUnsafeBufferPointer({ decoder.decode($0, into: &body) }) {
        case .partial: used += piece.count
        case .complete(let count): return (body, "complete \(used + count)")
        case .bad(let fault): return ([], "bad \(fault.status)")
        }
      }
      return (body, "partial")
    }
    let (whole, pieces) = (decode(max(1, bytes.count)), decode(3))
    precondition(whole == pieces, "in pieces, the body is decoded otherwise")
  }

  /// What was parsed is written so that it is parsed alike.
  @Sendable private static func json(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes) else { return }
    for text in [value.text, value.canonicalText] {
      guard let again = try? JSONValue(parsing: Array(text.utf8)) else {
        preconditionFailure("what was written cannot be parsed")
      }
      precondition(again.canonicalText == value.canonicalText)
    }
  }

  /// However the bytes are split, the parts and their contents are the same.
  @Sendable private static func multipart(_ bytes: [UInt8]) {
    func read(_ size: Int) -> [String]? {
      var reader = MultipartReader(boundary: "b")
      var events: [MultipartEvent] = []
      do {
        for start in stride(from: 0, to: bytes.count, by: size) {
          try reader.take(Array(bytes[start..<min(bytes.count, start + size)]), into: &events)
        }
        try reader.take(nil, into: &events)
      } catch { return nil }
      var (seen, content): ([String], [UInt8]) = ([], [])
      for event in events {
        switch event {
        case .part(let name, let file): seen.append("part \(name) \(file ?? "-")")
        case .content(let more): content += more
        case .partEnd:
          seen.append("\(content)")
          content = []
        case .end: seen.append("end")
        }
      }
      return seen
    }
    precondition(read(max(1, bytes.count)) == read(2), "in pieces, the body is read otherwise")
  }

  /// What is deflated inflates to the same.
  @Sendable private static func gzip(_ bytes: [UInt8]) {
    _ = try? Gzip.inflate(bytes, limit: 1 << 20)
    let again = try? Gzip.inflate(Gzip.deflate(bytes, level: 1), limit: bytes.count)
    precondition(again == bytes)
  }

  /// A data set is read, or refused in a sentence; the first two bytes say how long the first of several files is.
  private static func dataset(_ format: String, _ bytes: [UInt8]) {
    var files = [bytes[...]]
    if bytes.count >= 2, !["hdf5", "results"].contains(format) {
      let rest = bytes.dropFirst(2)
      let length = min(rest.count, Int(bytes[0]) << 8 | Int(bytes[1]))
      files = [rest.prefix(length), rest.dropFirst(length)]
    }
    var paths: [String] = []
    defer { for path in paths { unlink(path) } }
    for (index, content) in files.enumerated() {
      let path = NSTemporaryDirectory() + "cairn-fuzz-\(getpid())-\(index)"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      guard descriptor >= 0 else { return }
      _ = content.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      close(descriptor)
      paths.append(path)
    }
    // A table may come alone; images of IDX come with their labels.
    if format == "csv", files.last?.isEmpty == true { paths.removeLast() }
    guard let reader = DatasetFormats.named(format) else { return }
    let limits = DatasetLimits(features: 1 << 20, fileBytes: 1 << 20, classes: 100)
    do {
      let content = try reader.read(paths.map { DatasetFile(path: $0) }, scaling: .standard, limits: limits)
      precondition(content.first.features.count == content.first.count * content.shape.reduce(1, *))
      precondition(content.first.labels.allSatisfy { (0..<Int32(content.classes.count)).contains($0) })
      precondition(content.first.features.floats.allSatisfy { $0.isFinite })
    } catch {
      precondition(error is DatasetError, "a fault without a sentence: \(error)")
    }
  }
}
