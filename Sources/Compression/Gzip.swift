import CZlib

/// Why bytes could not be inflated.
public enum GzipError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The bytes do not begin as gzip data does.
  case notGzip
  /// The bytes end before the compressed data does.
  case truncated
  /// The compressed data, or its checksum or length, is wrong.
  case corrupt
  /// There are bytes after the compressed data that are no further gzip member.
  case trailingBytes
  /// The inflated bytes would be more than this many.
  case tooLarge(limit: Int)
  /// zlib had no memory.
  case outOfMemory

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .notGzip: return "the bytes are not gzip data, which begin with 1f 8b"
    case .truncated: return "the gzip data is cut off before its end"
    case .corrupt: return "the gzip data is corrupt"
    case .trailingBytes: return "there are bytes after the end of the gzip data"
    case .tooLarge(let limit): return "the gzip data inflates to more than \(limit) bytes"
    case .outOfMemory: return "there was no memory for inflating"
    }
  }
}

/// Compressing and inflating in gzip's format (RFC 1952), by zlib.
public enum Gzip {
  /// True where the bytes begin as gzip data does.
  public static func isGzip(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// Inflates one or several gzip members to at most `limit` bytes; memory follows what comes out, not what a header
  /// claims.
  public static func inflate(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
    var output: [UInt8] = []
    try inflate(bytes, limit: limit) { output.append(contentsOf: $0) }
    return output
  }

  /// Inflates one or several gzip members, handing over at most 64 KiB at a time and `limit` bytes in all.
  public static func inflate(
    _ bytes: [UInt8], limit: Int, into consume: (UnsafeRawBufferPointer) -> Void
  ) throws(GzipError) {
    guard isGzip(bytes) else { throw bytes.starts(with: [0x1F]) && bytes.count == 1 ? .truncated : .notGzip }
    var stream = z_stream()
    guard cairn_gzip_inflate_init(&stream) == Z_OK else { throw .outOfMemory }
    defer { inflateEnd(&stream) }
    var failure: GzipError?
    bytes.withUnsafeBytes { input in
      withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 16) { chunk in
        failure = pump(&stream, from: input, through: chunk, limit: limit, into: consume)
      }
    }
    if let failure { throw failure }
  }

  /// Compresses to one gzip member; `level` is 0 (stored) to 9 (smallest). The same bytes and level give the same.
  public static func deflate(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
    precondition((0...9).contains(level), "gzip levels are 0 to 9")
    var stream = z_stream()
    guard cairn_gzip_deflate_init(&stream, Int32(level)) == Z_OK else {
      fatalError("zlib had no memory for compressing")
    }
    defer { deflateEnd(&stream) }
    return deflated(bytes, by: &stream)
  }

  /// Compresses by a stream that was made for it.
  static func deflated(_ bytes: [UInt8], by stream: inout z_stream) -> [UInt8] {
    var output: [UInt8] = []
    bytes.withUnsafeBytes { input in
      withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 16) { chunk in
        var consumed = 0
        var status = Z_OK
        repeat {
          let slice = feed(&stream, input, from: consumed)
          offer(&stream, chunk)
          // Finishing is asked for as soon as the last slice is in sight.
          status = CZlib.deflate(&stream, consumed + slice == input.count ? Z_FINISH : Z_NO_FLUSH)
          consumed += slice - Int(stream.avail_in)
          output.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<(chunk.count - Int(stream.avail_out))]))
        } while status != Z_STREAM_END
      }
    }
    return output
  }

  private static func pump(
    _ stream: inout z_stream, from input: UnsafeRawBufferPointer, through chunk: UnsafeMutableRawBufferPointer,
    limit: Int, into consume: (UnsafeRawBufferPointer) -> Void
  ) -> GzipError? {
    var consumed = 0
    var produced = 0
    while true {
      let slice = feed(&stream, input, from: consumed)
      offer(&stream, chunk)
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      consumed += slice - Int(stream.avail_in)
      let size = chunk.count - Int(stream.avail_out)
      guard size <= limit - produced else { return .tooLarge(limit: limit) }
      produced += size
      consume(UnsafeRawBufferPointer(rebasing: chunk[..<size]))
      switch status {
      case Z_STREAM_END:
        if consumed == input.count { return nil }
        guard input[consumed] == 0x1F, consumed + 1 == input.count || input[consumed + 1] == 0x8B else {
          return .trailingBytes
        }
        guard inflateReset(&stream) == Z_OK else { return .corrupt }
      case Z_OK where size > 0 || consumed < input.count: continue
      case Z_OK, Z_BUF_ERROR: return .truncated
      case Z_MEM_ERROR: return .outOfMemory
      default: return .corrupt
      }
    }
  }

  /// Points the stream at the next input, at most what its 32-bit counter holds, and says how much that is.
  private static func feed(_ stream: inout z_stream, _ input: UnsafeRawBufferPointer, from start: Int) -> Int {
    let slice = min(input.count - start, 1 << 30)
    // zlib's input pointer is not const in this build, but zlib never writes through it.
    let pointer = UnsafeMutableRawPointer(mutating: input.baseAddress.map { $0 + start })
    stream.next_in = pointer?.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = UInt32(slice)
    return slice
  }

  private static func offer(_ stream: inout z_stream, _ chunk: UnsafeMutableRawBufferPointer) {
    stream.next_out = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(chunk.count)
  }
}

/// Compressing in zlib's own format (RFC 1950).
enum Zlib {
  /// Compresses; the same bytes give the same.
  static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    guard cairn_zlib_deflate_init(&stream, 6) == Z_OK else { fatalError("zlib had no memory for compressing") }
    defer { deflateEnd(&stream) }
    return Gzip.deflated(bytes, by: &stream)
  }
}
