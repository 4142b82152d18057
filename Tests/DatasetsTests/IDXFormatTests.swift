import Compression
import Testing

@testable import Datasets

@Suite struct IDXFormatTests {
  static func idx(_ shape: [Int], _ data: [UInt8], type: UInt8 = 8) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)]
      + shape.flatMap { length in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } } + data
  }

  static let images = idx([4, 2, 3], (0..<24).map { UInt8($0 * 10) })
  static let labels = idx([4], [0, 1, 2, 1])

  private func read(_ files: [[UInt8]], limits: DatasetLimits = .standard) throws -> DatasetContent {
    let folder = try TemporaryFolder()
    let written = try files.enumerated().map { index, bytes in try folder.write("part\(index)", bytes) }
    return try IDXFormat.read(written, scaling: .standard, limits: limits)
  }

  @Test func readsPlainAndGzip() throws {
    let plain = try read([Self.images, Self.labels])
    #expect(plain.shape == [2, 3])
    #expect(plain.classes == ["0", "1", "2"])
    #expect(plain.first.labels == [0, 1, 2, 1])
    let pixels: [Float] = (0..<24).map { Float($0 * 10) / 255 }
    #expect(plain.first.features.floats == pixels)
    #expect(plain.second == nil)
    let packed = try read([Gzip.deflate(Self.images), Gzip.deflate(Self.labels)])
    #expect(packed.sha256 == plain.sha256)
  }

  @Test func readsASecondPair() throws {
    let second = Self.idx([2, 2, 3], [UInt8](repeating: 255, count: 12))
    let content = try read([Self.images, Self.labels, second, Self.idx([2], [2, 2])])
    #expect(content.second?.features.floats == [Float](repeating: 1, count: 12))
    #expect(content.second?.labels == [2, 2])
  }

  @Test func everyTruncationIsAFault() {
    for length in 0..<Self.images.count {
      expectFault(.truncated, saying: ["part0"]) { _ = try read([Array(Self.images[..<length]), Self.labels]) }
    }
    for length in 0..<Self.labels.count {
      expectFault(.truncated, saying: ["part1"]) { _ = try read([Self.images, Array(Self.labels[..<length])]) }
    }
    let packed = Gzip.deflate(Self.images)
    for length in 0..<packed.count {
      expectFault(.truncated, saying: ["part0"]) { _ = try read([Array(packed[..<length]), Self.labels]) }
    }
    expectFault(.truncated, saying: ["row 3 (counted from 1)", "4 rows"]) {
      _ = try read([Array(Self.images.dropLast(7)), Self.labels])
    }
  }

  @Test func trailingBytesAreAFault() {
    expectFault(.trailingBytes, saying: ["part0", "1 bytes"]) { _ = try read([Self.images + [0], Self.labels]) }
    expectFault(.trailingBytes) { _ = try read([Gzip.deflate(Self.images + [0]), Self.labels]) }
    expectFault(.trailingBytes) { _ = try read([Gzip.deflate(Self.images) + [0], Self.labels]) }
  }

  @Test func aWrongHeadIsAFault() {
    expectFault(.wrongFormat, saying: ["part0", "00 00 08"]) { _ = try read([[1] + Self.images, Self.labels]) }
    expectFault(.wrongFormat) { _ = try read([Self.idx([4, 2, 3], [UInt8](repeating: 0, count: 96), type: 13), []]) }
    expectFault(.shape, saying: ["part0", "1 dimensions"]) { _ = try read([Self.labels, Self.images]) }
    expectFault(.shape, saying: ["part1", "labels have 1"]) { _ = try read([Self.images, Self.images]) }
    expectFault(.shape, saying: ["4 × 0 × 3"]) { _ = try read([Self.idx([4, 0, 3], []), Self.labels]) }
    let most = Self.idx([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [])
    expectFault(.tooLarge, saying: ["part0"]) { _ = try read([most, Self.labels]) }
    expectFault(.missing) { _ = try read([Self.images]) }
  }

  @Test func contentIsValidated() {
    expectFault(.shape, saying: ["part1", "3 labels for 4 examples"]) {
      _ = try read([Self.images, Self.idx([3], [0, 1, 2])])
    }
    expectFault(.emptyPart, saying: ["part0"]) { _ = try read([Self.idx([0, 2, 3], []), Self.idx([0], [])]) }
    expectFault(.classes, saying: ["only 1 class"]) { _ = try read([Self.images, Self.idx([4], [0, 0, 0, 0])]) }
    let second = Self.idx([1, 2, 3], [UInt8](repeating: 9, count: 6))
    expectFault(.label, saying: ["part3", "row 1", "label 3", "0 to 2"]) {
      _ = try read([Self.images, Self.labels, second, Self.idx([1], [3])])
    }
    expectFault(.shape, saying: ["part2", "3 × 2", "2 × 3"]) {
      _ = try read([
        Self.images, Self.labels, Self.idx([1, 3, 2], [UInt8](repeating: 9, count: 6)), Self.idx([1], [0]),
      ])
    }
  }

  @Test func classesAreTheLabelsThatOccur() throws {
    // As in EMNIST's letters, which begin at 1, and in parts of them.
    let letters = try read([Self.images, Self.idx([4], [1, 26, 7, 26])])
    #expect(letters.classes == ["1", "7", "26"] && letters.first.labels == [0, 2, 1, 2])
    #expect(try read([Self.images, Self.idx([4], [0, 2, 2, 0])]).classes == ["0", "2"])
    #expect(try read([Self.images, Self.idx([4], [255, 3, 4, 5])]).classes == ["3", "4", "5", "255"])
    let second = Self.idx([1, 2, 3], [UInt8](repeating: 9, count: 6))
    let both = try read([Self.images, Self.idx([4], [1, 26, 7, 26]), second, Self.idx([1], [7])])
    #expect(both.second?.labels == [1])
    expectFault(.label, saying: ["part3", "row 1", "label 2", "1, 7, 26"]) {
      _ = try read([Self.images, Self.idx([4], [1, 26, 7, 26]), second, Self.idx([1], [2])])
    }
  }

  @Test func aGzipBombStopsAtTheLimit() {
    let bomb = Gzip.deflate(Self.idx([1000, 50, 50], [UInt8](repeating: 0, count: 2_500_000)))
    expectFault(.tooLarge, saying: ["part0"]) {
      _ = try read([bomb, Self.labels], limits: DatasetLimits(features: 100_000))
    }
  }
}
