import Testing

@testable import Datasets

@Suite struct RealDataTests {
  @Test("cat-vs-noncat from the course's files (needs the real data)", .enabled(if: RealData.hasCats, RealData.missing))
  func cats() throws {
    let train = try HDF5File.read(RealData.file("train_catvnoncat.h5"), .standard) { file in
      try file.bytes("train_set_x", rank: 4, layout: "images", limit: 1 << 28)
    }
    #expect(train.shape == [209, 64, 64, 3])
    #expect(train.bytes.reduce(0) { $0 + Int($1) } == 264_542_077)
    let dataset = try DatasetCatalogue(folder: RealData.folder).dataset(named: "cat-vs-noncat")
    #expect(dataset.shape == [64, 64, 3])
    #expect(dataset.classes == ["non-cat", "cat"])
    #expect(dataset.first.count == 209 && dataset.first.labels.reduce(0, +) == 72)
    #expect(dataset.second?.count == 50 && dataset.second?.labels.reduce(0, +) == 33)
    #expect(dataset.first.features.floats[0] == Float(train.bytes[0]) / 255)
  }

  @Test("mnist from the 10,000 of t10k (needs the real data)", .enabled(if: RealData.hasMNIST, RealData.missing))
  func mnist() throws {
    let dataset = try DatasetCatalogue(folder: RealData.folder).dataset(named: "mnist")
    #expect(dataset.shape == [28, 28])
    #expect(dataset.classes == (0...9).map(String.init))
    #expect(dataset.first.count == 10_000 && dataset.second == nil)
    #expect(dataset.first.labels.prefix(5) == [7, 2, 1, 0, 4])
  }
}
