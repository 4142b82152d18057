import Foundation
import Testing

@testable import Datasets

@Suite struct SyntheticDigitsTests {
  @Test func everyDigitIsThereAsOften() {
    let dataset = SyntheticDigits.dataset
    #expect(dataset.features == 784 && dataset.first.features.count == 2000 * 784)
    #expect(dataset.second?.features.count == 1000 * 784)
    for digit in 0..<10 {
      #expect(dataset.first.labels.count { $0 == Int32(digit) } == 200)
      #expect(dataset.second?.labels.count { $0 == Int32(digit) } == 100)
    }
  }

  @Test func theContentIsPinned() throws {
    let pinned = try String(
      contentsOf: Fixtures.folder.appendingPathComponent("synthetic_digits.sha256"), encoding: .utf8)
    #expect(SyntheticDigits.dataset.sha256 == pinned.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test func picturesDifferAndShowInk() {
    let (bytes, _) = SyntheticDigits.part(count: 50, stream: 1)
    let images = (0..<50).map { Array(bytes[$0 * 784..<($0 + 1) * 784]) }
    #expect(Set(images).count == 50)
    for image in images { #expect(image.count { $0 > 100 } > 15 && image.count { $0 < 60 } > 300) }
  }
}
