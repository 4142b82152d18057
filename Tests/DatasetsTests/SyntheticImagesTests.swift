import Foundation
import Testing

@testable import Datasets

@Suite struct SyntheticImagesTests {
  @Test func hasThePapersCountsAndBalance() {
    let dataset = SyntheticImages.dataset
    #expect(dataset.features == 12288)
    #expect(dataset.first.features.count == 209 * 12288)
    #expect(dataset.first.labels.reduce(0, +) == 72)
    #expect(dataset.second?.features.count == 50 * 12288)
    #expect(dataset.second?.labels.reduce(0, +) == 33)
  }

  @Test func theContentIsPinned() throws {
    let pinned = try String(
      contentsOf: Fixtures.folder.appendingPathComponent("synthetic_cats.sha256"), encoding: .utf8)
    #expect(SyntheticImages.dataset.sha256 == pinned.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test func pixelsFillTheirRangeAndDiffer() {
    let (bytes, _) = SyntheticImages.part(count: 20, cats: 7, stream: 1)
    #expect(Set(bytes).count > 200)
    let images = (0..<20).map { image in Array(bytes[image * 12288..<(image + 1) * 12288]) }
    #expect(bytes.count == 20 * 12288 && Set(images).count == 20)
  }
}
