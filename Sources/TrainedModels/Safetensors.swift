import Foundation
import JSONText
import ModelTraining

/// Tensors in the safetensors layout: the header's length as eight bytes, little-endian, the header as JSON, the numbers.
///
/// https://github.com/huggingface/safetensors describes it. Numbers are little-endian; those of eight bytes come first, so
/// that every tensor lies at a multiple of its numbers' size.
struct Safetensors: Sendable, Hashable {
  /// Texts by name, for people and programs.
  var metadata: [String: String]
  var tensors: [String: StoredTensor]

  /// The bytes of the file.
  var bytes: [UInt8] {
    let order = tensors.sorted { ($1.value.precision.bytes, $0.key) < ($0.value.precision.bytes, $1.key) }
    var header = JSONWriter()
    var offset = 0
    header.object { header in
      header.object("__metadata__") { header in
        for (name, text) in metadata.sorted(by: { $0.key < $1.key }) { header.member(name, text) }
      }
      for (name, tensor) in order {
        header.object(name) { header in
          header.member("dtype", tensor.precision.elementType)
          header.array("shape", of: tensor.shape) { $1.integer($0) }
          let end = offset + tensor.numbers.count * tensor.precision.bytes
          header.array("data_offsets", of: [offset, end]) { $1.integer($0) }
          offset = end
        }
      }
    }
    // Spaces up to a multiple of eight, so that the numbers are aligned.
    let padding = (8 - header.bytes.count % 8) % 8
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.bytes.count + padding + offset)
    Self.append(UInt64(header.bytes.count + padding), to: &bytes)
    bytes += header.bytes
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: padding)
    for (_, tensor) in order {
      switch tensor.precision {
      case .single: for number in tensor.numbers { Self.append(Float(number).bitPattern, to: &bytes) }
      case .double: for number in tensor.numbers { Self.append(number.bitPattern, to: &bytes) }
      }
    }
    return bytes
  }

  private static func append(_ word: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

extension Precision {
  /// What safetensors calls its numbers.
  fileprivate var elementType: String { self == .double ? "F64" : "F32" }
}

/// What makes bytes no file of tensors.
struct SafetensorsFault: Error, Hashable {
  var detail: String
}

extension Safetensors {
  /// Reads a file; every tensor must be whole, of a kind known here, and end where the next begins.
  init(_ bytes: [UInt8]) throws(SafetensorsFault) {
    guard bytes.count >= 8 else { throw SafetensorsFault(detail: "it has no header") }
    let length = Self.word(bytes, at: 0, UInt64.self)
    guard length <= UInt64(bytes.count - 8) else { throw SafetensorsFault(detail: "its header is cut off") }
    let start = 8 + Int(length)
    guard let header = try? JSONValue(parsing: Array(bytes[8..<start])), case .object(let object) = header else {
      throw SafetensorsFault(detail: "its header is not a JSON object")
    }
    metadata = [:]
    tensors = [:]
    var covered = 0
    for member in object.members {
      if member.name == "__metadata__" {
        for text in member.value.objectValue?.members ?? [] { metadata[text.name] = text.value.stringValue }
        continue
      }
      let (tensor, size) = try Self.tensor(member.value, bytes, from: start)
      tensors[member.name] = tensor
      covered += size
    }
    guard covered == bytes.count - start else { throw SafetensorsFault(detail: "its tensors do not fill it") }
  }

  private static func tensor(
    _ value: JSONValue, _ bytes: [UInt8], from start: Int
  ) throws(SafetensorsFault) -> (StoredTensor, Int) {
    guard let precision = Precision.allCases.first(where: { $0.elementType == value["dtype"]?.stringValue }),
      let lengths = value["shape"]?.arrayValue?.map(\.integerValue), !lengths.contains(nil),
      let offsets = value["data_offsets"]?.arrayValue?.compactMap(\.integerValue), offsets.count == 2
    else { throw SafetensorsFault(detail: "the description of a tensor is invalid") }
    let shape = lengths.compactMap { $0 }
    let (from, to) = (offsets[0], offsets[1])
    guard shape.allSatisfy({ $0 >= 0 && $0 <= bytes.count }), from >= 0, from <= to, to <= bytes.count - start else {
      throw SafetensorsFault(detail: "a tensor lies outside the file")
    }
    var size = precision.bytes
    for length in shape {
      let (product, overflows) = size.multipliedReportingOverflow(by: length)
      guard !overflows else { throw SafetensorsFault(detail: "a tensor lies outside the file") }
      size = product
    }
    guard size == to - from else { throw SafetensorsFault(detail: "a tensor's shape does not fit its numbers") }
    let numbers = stride(from: start + from, to: start + to, by: precision.bytes).map { place -> Double in
      switch precision {
      case .single: Double(Float(bitPattern: word(bytes, at: place, UInt32.self)))
      case .double: Double(bitPattern: word(bytes, at: place, UInt64.self))
      }
    }
    return (StoredTensor(precision: precision, shape: shape, numbers: numbers), size)
  }

  private static func word<Word: FixedWidthInteger>(_ bytes: [UInt8], at place: Int, _ type: Word.Type) -> Word {
    bytes.withUnsafeBytes { Word(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Word.self)) }
  }
}

extension Safetensors {
  /// A header is a few kilobytes; one that says more is none.
  private static let mostHeaderBytes = 1 << 20

  /// The metadata of a file, without its numbers; nil where there is no such file.
  static func metadata(of url: URL) -> [String: String]? {
    guard let file = try? FileHandle(forReadingFrom: url), let start = try? file.read(upToCount: 8), start.count == 8
    else { return nil }
    defer { try? file.close() }
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= mostHeaderBytes, let header = try? file.read(upToCount: Int(length)),
      let object = try? JSONValue(parsing: Array(header))
    else { return nil }
    var metadata: [String: String] = [:]
    for text in object["__metadata__"]?.objectValue?.members ?? [] { metadata[text.name] = text.value.stringValue }
    return metadata
  }
}
