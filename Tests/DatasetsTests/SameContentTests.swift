import Foundation
import Testing

@testable import Datasets

/// What studies are pinned to: the hash of a content, as the first version computed it.
@Suite struct SameContentTests {
  private static let plain =
    "a,label,b,t\n"
    + (0..<40).map { row in
      let cents = row * 10
      let second = 1_700_000_000 + row % 3 - 1
      return
        "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100),\(row % 3 == 0 ? "no" : "yes"),5,\(second).0\n"
    }.joined()

  @Test(arguments: ReadingRules.all) func tables(_ rules: ReadingRules) throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("p.csv", Self.plain)
    let second = try folder.write("p.test.csv", "a,label,b,t\n1.5,yes,7,1700000003\n")
    func hash(_ files: [DatasetFile], _ scaling: FeatureScaling) throws -> String {
      try CSVFormat.read(files, scaling: scaling, limits: .standard, rules: rules).sha256
    }
    #expect(try hash([first], .standard) == "2d774264e1b57f5a7235f2b32afbcacec705970bbe276ec235b1f42d73faf245")
    #expect(try hash([first, second], .standard) == "fa72f82395a0f15c08c19dd488b6a920c9720d10e93f6e95e08c6d26a27c19b9")
    #expect(try hash([first], .none) == "0190bc68da08f73c184b31e93fe325df51a1ac1fec4706580f56946976e0777f")
    let integers = try folder.write("i.csv", "a,label\n1,10\n2,9\n3,-3\n4,09\n")
    #expect(try hash([integers], .standard) == "b40cbfd7698ec911117c4febe0fdd927ca13822dcce76183b75bdc4eb0e2c91f")
  }

  @Test(arguments: ReadingRules.all) func images(_ rules: ReadingRules) throws {
    let folder = try TemporaryFolder()
    let files = [try folder.write("im", IDXFormatTests.images), try folder.write("la", IDXFormatTests.labels)]
    let idx = try IDXFormat.read(files, scaling: .standard, limits: .standard, rules: rules)
    #expect(idx.sha256 == "164221da11dd9c6d78a491a2a4d2e7b3acdd0b6a16ca9fdedb255aef80004345")
    let pair = [Fixtures.file("train.h5"), Fixtures.file("test.h5")]
    let hdf5 = try HDF5Format.read(pair, scaling: .standard, limits: .standard, rules: rules)
    #expect(hdf5.sha256 == "08ac084629debb252550da33760ba2ca9e55668898b89e4aff110e2acbc85787")
  }

  /// What was brought in before there were other rules is read as it was, also where it would be refused now.
  @Test func whatWasAcceptedStays() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/shelf"
    let shelf = try DatasetShelf(folder: path)
    let odd = "a,label\n1,x \n2,\"y\"\n3,NaN\n4,x \n"
    let hash = "f6c9115babce8af43216e5deb667ebfb40d7b425a31353c4093b00563b2db238"
    try FileManager.default.createDirectory(atPath: "\(path)/objects/\(hash)", withIntermediateDirectories: true)
    for (name, text) in [
      ("objects/\(hash)/0", odd), ("names/odd.json", "{\"sha256\":\"\(hash)\"}"),
      ("objects/\(hash)/manifest.json", "{\"format\":\"csv\",\"scaling\":\"standard\",\"files\":[\"o.csv\"]}"),
    ] { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
    let catalogue = DatasetCatalogue(folder: nil, shelf: shelf, cacheBytes: 0)
    let facts = try catalogue.facts(of: "odd")
    #expect(facts.sha256 == hash && facts.classes == ["NaN", "x ", "y"])
    #expect(try catalogue.dataset(sha256: hash, of: "odd").first.count == 4)
    // Posted again it is the same; under another name it is refused by what holds now.
    let file = try folder.write("o.csv", odd)
    let again = try catalogue.add("odd", format: CSVFormat.self, scaling: .standard, files: [file])
    #expect(again.facts.sha256 == hash && !again.isNew)
    expectFault(.label, saying: ["o.csv", "row 4"]) {
      _ = try catalogue.add("new", format: CSVFormat.self, scaling: .standard, files: [file])
    }
  }
}

extension ReadingRules {
  static let all: [ReadingRules] = [.first, .second]
}
