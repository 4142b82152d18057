import CZlib

/// Pictures in the PNG format (ISO/IEC 15948): 8 bits a channel, grey or red, green and blue.
public enum PNG {
  /// The file of a picture. `pixels`: (height, width, channels) row-major, `channels` 1 or 3; the same give the same bytes.
  public static func encode(width: Int, height: Int, channels: Int, pixels: [UInt8]) -> [UInt8] {
    precondition(channels == 1 || channels == 3, "a picture is grey, or has three colours")
    precondition(width > 0 && height > 0 && pixels.count == width * height * channels, "the pixels fill the picture")
    var rows: [UInt8] = []
    rows.reserveCapacity(pixels.count + height)
    for start in stride(from: 0, to: pixels.count, by: width * channels) {
      // Each row says how it is filtered: not at all.
      rows.append(0)
      rows += pixels[start..<start + width * channels]
    }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // 8 bits; grey or colours; deflate, the one filter method, not interlaced.
    append("IHDR", word(width) + word(height) + [8, channels == 1 ? 0 : 2, 0, 0, 0], to: &file)
    append("IDAT", Zlib.deflate(rows), to: &file)
    append("IEND", [], to: &file)
    return file
  }

  private static func append(_ type: String, _ content: [UInt8], to file: inout [UInt8]) {
    let checked = Array(type.utf8) + content
    file += word(content.count) + checked
    file += word(checked.withUnsafeBufferPointer { Int(crc32(0, $0.baseAddress, UInt32($0.count))) })
  }

  /// Four bytes, the highest first.
  private static func word(_ value: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
