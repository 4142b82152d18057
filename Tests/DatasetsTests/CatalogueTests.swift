import DataFacts
import Compression
import Foundation
import Promises
import Testing

@testable import Datasets

@Suite struct CatalogueTests {
  static let table = "a,label\n1,x\n2,y\n4,y\n"

  @Test func theBuiltInOnesAreAlwaysThere() throws {
    let catalogue = DatasetCatalogue(folder: nil)
    #expect(catalogue.names == ["synthetic-cats", "synthetic-digits"])
    #expect(catalogue.problems.isEmpty)
    let facts = try catalogue.facts(of: "synthetic-cats")
    #expect(facts.examples == 209 && facts.secondPartExamples == 50)
    #expect(facts.shape == [64, 64, 3] && facts.classes == ["non-cat", "cat"])
    #expect(facts.origin == "built-in")
    let digits = try catalogue.facts(of: "synthetic-digits")
    #expect(digits.examples == 2000 && digits.secondPartExamples == 1000)
    #expect(digits.shape == [28, 28] && digits.classes == (0..<10).map(String.init))
    #expect(try catalogue.dataset(sha256: facts.sha256).name == "synthetic-cats")
  }

  @Test func findsWhatLiesInTheFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("train_catvnoncat.h5", Fixtures.bytes("train.h5"))
    try folder.write("test_catvnoncat.h5", Fixtures.bytes("test.h5"))
    try folder.write("t10k-images-idx3-ubyte", IDXFormatTests.images)
    try folder.write("t10k-labels-idx1-ubyte", IDXFormatTests.labels)
    try folder.write("iris.csv", Self.table)
    try folder.write("iris.test.csv", Self.table)
    try folder.write("notes.txt", "not a data set")
    let catalogue = DatasetCatalogue(folder: folder.path)
    #expect(catalogue.names == ["cat-vs-noncat", "iris", "mnist", "synthetic-cats", "synthetic-digits"])
    #expect(catalogue.facts().map(\.name) == catalogue.names)
    #expect(catalogue.problems.isEmpty)
    #expect(try catalogue.facts(of: "cat-vs-noncat").secondPartExamples == 2)
    #expect(try catalogue.facts(of: "iris").origin == "csv: iris.csv, iris.test.csv")
    #expect(try catalogue.facts(of: "mnist").secondPartExamples == 0)
    let sha256 = try catalogue.facts(of: "mnist").sha256
    #expect(try DatasetCatalogue(folder: folder.path).dataset(sha256: sha256).name == "mnist")
  }

  @Test func mnistTakesTheTenThousandAsSecondPart() throws {
    let folder = try TemporaryFolder()
    for prefix in ["train", "t10k"] {
      try folder.write("\(prefix)-images-idx3-ubyte", IDXFormatTests.images)
      try folder.write("\(prefix)-labels-idx1-ubyte", IDXFormatTests.labels)
    }
    let facts = try DatasetCatalogue(folder: folder.path).facts(of: "mnist")
    #expect(facts.examples == 4 && facts.secondPartExamples == 4)
  }

  @Test func mnistIsFoundByTheNamesThatItIsUnpackedTo() throws {
    for (images, labels) in [
      ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"), ("train-images-idx3-ubyte", "train-labels.idx1-ubyte.gz"),
      ("train-images.idx3-ubyte.gz", "train-labels-idx1-ubyte"),
    ] {
      let folder = try TemporaryFolder()
      try folder.write(images, IDXFormatTests.images)
      try folder.write(labels, IDXFormatTests.labels)
      try folder.write("t10k-images.idx3-ubyte", IDXFormatTests.images)
      try folder.write("t10k-labels.idx1-ubyte", IDXFormatTests.labels)
      let catalogue = DatasetCatalogue(folder: folder.path)
      #expect(try catalogue.facts(of: "mnist").secondPartExamples == 4)
      #expect(catalogue.problems.isEmpty)
    }
    let folder = try TemporaryFolder()
    try folder.write("train-images.idx3-ubyte", IDXFormatTests.images)
    let problems = DatasetCatalogue(folder: folder.path).problems
    #expect(problems.count == 1 && problems[0].message.hasPrefix("train-labels.idx1-ubyte: "))
  }

  @Test func nearMissesAreFoundOrTold() throws {
    let folder = try TemporaryFolder()
    try folder.write("upper.CSV", Self.table)
    try folder.write("upper.Test.Csv", Self.table)
    try folder.write("packed.csv.gz", Gzip.deflate(Array(Self.table.utf8)))
    try folder.write("packed.test.csv", Self.table)
    let told = [
      "X.CSV", "Y.csv.gz", "mine.h5", "mine.HDF5", "emnist-letters-train-images-idx3-ubyte.gz", "a.tsv", "a.parquet",
      "a.npz", "a.xlsx", "a.csv.zip", "packed.csv.GZ", "lonely.test.csv.gz",
    ]
    for name in told { try folder.write(name, "x") }
    for name in ["README.md", ".hidden.csv", "notes.txt", "._upper.csv"] { try folder.write(name, "x") }
    let catalogue = DatasetCatalogue(folder: folder.path)
    catalogue.examineAll()
    #expect(catalogue.names == ["packed", "synthetic-cats", "synthetic-digits", "upper"])
    for name in ["packed", "upper"] { #expect(try catalogue.facts(of: name).secondPartExamples == 3) }
    #expect(catalogue.problems.map(\.name).sorted() == told.sorted())
    #expect(catalogue.problems.allSatisfy { $0.message.hasSuffix(".") && $0.message.contains(": ") })
  }

  @Test func linksThatLeadOutOfTheFolderAreTold() throws {
    let folder = try TemporaryFolder()
    let outside = try TemporaryFolder()
    try outside.write("secret.csv", Self.table)
    try folder.write("inside.csv", Self.table)
    try FileManager.default.createDirectory(atPath: folder.path + "/sub", withIntermediateDirectories: true)
    try folder.write("sub/deep.csv", Self.table)
    for (link, target) in [
      ("out.csv", outside.path + "/secret.csv"), ("in.csv", "inside.csv"), ("deep.csv", folder.path + "/sub/deep.csv"),
      ("out.txt", outside.path + "/secret.csv"), ("gone.csv", outside.path + "/nothing.csv"),
      ("train_catvnoncat.h5", outside.path + "/secret.csv"),
    ] { try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(link)", withDestinationPath: target) }
    let catalogue = DatasetCatalogue(folder: folder.path)
    catalogue.examineAll()
    #expect(catalogue.names == ["deep", "in", "inside", "synthetic-cats", "synthetic-digits"])
    #expect(catalogue.problems.map(\.name) == ["gone", "out.csv", "train_catvnoncat.h5"])
    for name in ["out.csv", "train_catvnoncat.h5"] {
      #expect(catalogue.problems.contains { $0.message.hasPrefix("\(name): this is a link that leads out") })
    }
  }

  @Test func whatIsBrokenIsAProblemAndStopsNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write("train_catvnoncat.h5", Fixtures.bytes("train.h5"))
    try folder.write("t10k-images-idx3-ubyte.gz", [1, 2])
    try folder.write("good.csv", Self.table)
    try folder.write("bad.csv", "a,b\n1,2\n")
    try folder.write("Bad Name.csv", Self.table)
    try folder.write("synthetic-cats.csv", Self.table)
    try folder.write("alone.test.csv", Self.table)
    let catalogue = DatasetCatalogue(folder: folder.path)
    catalogue.examineAll()
    #expect(catalogue.names == ["good", "synthetic-cats", "synthetic-digits"])
    #expect(
      Set(catalogue.problems.map(\.name))
        == ["cat-vs-noncat", "mnist", "bad", "Bad Name.csv", "synthetic-cats.csv", "alone.test.csv"])
    #expect(catalogue.problems.allSatisfy { $0.message.hasSuffix(".") && $0.message.count > 20 })
    #expect(catalogue.problems.contains { $0.message.hasPrefix("test_catvnoncat.h5: ") })
    #expect(catalogue.problems.contains { $0.message.hasPrefix("t10k-labels-idx1-ubyte.gz: ") })
    expectFault(.missing, saying: ["bad.csv", "label"]) { _ = try catalogue.dataset(named: "bad") }
    expectFault(.unknownName, saying: ["nothing"]) { _ = try catalogue.dataset(named: "nothing") }
    expectFault(.unknownName, saying: ["00ff"]) { _ = try catalogue.dataset(sha256: "00ff") }
    #expect(DatasetCatalogue(folder: folder.path + "/absent").problems.count == 1)
  }

  @Test func theLeastRecentlyUsedLeavesTheCache() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b", "c"] { try folder.write("\(name).csv", Self.table) }
    // Each table takes 3 features and 3 labels of 4 bytes.
    let catalogue = DatasetCatalogue(folder: folder.path, cacheBytes: 48)
    for name in ["a", "b", "a", "c"] { _ = try catalogue.dataset(named: name) }
    #expect(catalogue.cachedBytes == 48)
    for name in ["a", "b", "c"] { try FileManager.default.removeItem(atPath: "\(folder.path)/\(name).csv") }
    #expect(try catalogue.dataset(named: "a").first.count == 3)
    #expect(try catalogue.dataset(named: "c").first.count == 3)
    expectFault(.unreadable, saying: ["b.csv"]) { _ = try catalogue.dataset(named: "b") }
    #expect(try catalogue.facts(of: "b").examples == 3)
  }

  @Test func anotherNameWithTheContentServes() throws {
    let folder = try TemporaryFolder()
    for name in ["a.csv", "b.csv"] { try folder.write(name, Self.table) }
    let catalogue = DatasetCatalogue(folder: folder.path, cacheBytes: 0)
    let sha256 = try catalogue.facts(of: "a").sha256
    #expect(try catalogue.dataset(sha256: sha256, of: "b").name == "b")
    try folder.write("b.csv", Self.table + "9,x\n")
    #expect(try catalogue.dataset(sha256: sha256, of: "b").name == "a")
    try folder.write("a.csv", Self.table + "9,x\n")
    expectFault(.changed, saying: ["b.csv", "data set b"]) { _ = try catalogue.dataset(sha256: sha256, of: "b") }
    expectFault(.unknownName, saying: ["gone"]) { _ = try catalogue.dataset(sha256: "00ff", of: "gone") }
  }

  @Test func changedContentIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.csv", Self.table)
    let catalogue = DatasetCatalogue(folder: folder.path, cacheBytes: 0)
    _ = try catalogue.dataset(named: "a")
    try folder.write("a.csv", Self.table + "8,x\n")
    expectFault(.changed, saying: ["a.csv", "changed"]) { _ = try catalogue.dataset(named: "a") }
    try folder.write("a.csv", Self.table)
    #expect(try catalogue.dataset(named: "a").first.count == 3)
  }

  /// What examines in another process, as far as the catalogue knows; remembers what it was asked, and refuses `bad`.
  private final class Examiner: Sendable {
    private let asked = Locked<[String]>([])
    var names: [String] { asked.value }

    @Sendable func examine(_ examination: DatasetExamination) throws -> DatasetFacts {
      asked.withLock { $0.append(examination.name) }
      if FileManager.default.contents(atPath: examination.files[0].path) == Data("bad".utf8) {
        throw DatasetError(foundElsewhere: "\(examination.files[0].name): it ends who reads it")
      }
      return try examination.perform()
    }
  }

  @Test func filesAreExaminedBeforeTheyAreRead() throws {
    let folder = try TemporaryFolder()
    let examiner = Examiner()
    try folder.write("a.csv", Self.table)
    try folder.write("b.csv", "bad")
    let catalogue = DatasetCatalogue(folder: folder.path, cacheBytes: 0, examine: examiner.examine)
    #expect(!catalogue.isExamined(nil) && !catalogue.isExamined("a") && catalogue.isExamined("none"))
    catalogue.examineAll()
    #expect(catalogue.isExamined(nil) && catalogue.isExamined("a"))
    #expect(examiner.names == ["a", "b"])
    #expect(catalogue.problems == [DatasetProblem(name: "b", message: "b.csv: it ends who reads it.")])
    for _ in 0..<2 { #expect(try catalogue.dataset(named: "a").first.count == 3) }
    expectFault(.invalid, saying: ["b.csv"]) { _ = try catalogue.dataset(named: "b") }
    // The same files are not examined again.
    #expect(examiner.names == ["a", "b"])
  }

  @Test func filesThatChangedAreExaminedAgain() throws {
    let folder = try TemporaryFolder()
    let examiner = Examiner()
    try folder.write("a.csv", Self.table)
    let catalogue = DatasetCatalogue(folder: folder.path, cacheBytes: 0, examine: examiner.examine)
    _ = try catalogue.dataset(named: "a")
    try folder.write("a.csv", "bad")
    for _ in 0..<3 { expectFault(.invalid, saying: ["it ends who reads it"]) { _ = try catalogue.dataset(named: "a") } }
    #expect(examiner.names == ["a", "a"])
    #expect(try catalogue.facts(of: "a").examples == 3)
    try folder.write("a.csv", Self.table)
    #expect(try catalogue.dataset(named: "a").first.count == 3)
    #expect(examiner.names == ["a", "a", "a"])
  }

  @Test func whatIsBroughtInIsExaminedOnce() throws {
    let folder = try TemporaryFolder()
    let examiner = Examiner()
    try folder.write("a.csv", Self.table)
    let shelf = try DatasetShelf(folder: folder.path + "/shelf")
    let catalogue = DatasetCatalogue(folder: nil, shelf: shelf, cacheBytes: 0, examine: examiner.examine)
    let file = DatasetFile(path: folder.path + "/a.csv")
    _ = try catalogue.add("a", format: CSVFormat.self, scaling: .standard, files: [file])
    #expect(try catalogue.dataset(named: "a").first.count == 3)
    #expect(examiner.names == ["a"])
    // A later service knows no more of it than of any other file.
    let later = DatasetCatalogue(folder: nil, shelf: shelf, examine: examiner.examine)
    #expect(try later.dataset(named: "a").first.count == 3)
    #expect(examiner.names == ["a", "a"])
  }

  @Test func aFileThatIsLongReadHoldsUpNobodyElse() throws {
    let folder = try TemporaryFolder()
    for name in ["long", "short"] { try folder.write("\(name).csv", Self.table) }
    let (begun, go) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let catalogue = DatasetCatalogue(folder: folder.path) { examination in
      if examination.name == "long" {
        begun.signal()
        go.wait()
      }
      return try examination.perform()
    }
    let ended = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      catalogue.examineAll()
      ended.signal()
    }
    begun.wait()
    for name in ["short", "synthetic-cats"] { _ = try catalogue.dataset(named: name) }
    #expect(catalogue.isExamined("short") && !catalogue.isExamined("long") && !catalogue.isExamined(nil))
    go.signal()
    ended.wait()
    #expect(catalogue.isExamined(nil))
  }

  @Test func manyThreadsMayAsk() async throws {
    let folder = try TemporaryFolder()
    for index in 0..<4 { try folder.write("t\(index).csv", Self.table) }
    let catalogue = DatasetCatalogue(folder: folder.path, cacheBytes: 48)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<64 { group.addTask { try catalogue.dataset(named: "t\(index % 4)").first.count } }
      for try await count in group { #expect(count == 3) }
    }
    #expect(catalogue.cachedBytes <= 48)
  }

  @Test func theHashCoversEverything() {
    let part = Dataset.Part(features: [1, 2, 3, 4], labels: [0, 1])
    let content = DatasetContent(shape: [2], classes: ["a", "b"], first: part, second: nil)
    var variants = [content, content, content, content, content, content]
    variants[1].shape = [2, 1]
    variants[2].classes = ["a", "c"]
    variants[3].first.features = .numbers([1, 2, 3, 5])
    variants[4].first.labels = [1, 0]
    variants[5].second = part
    #expect(Set(variants.map(\.sha256)).count == 6)
    #expect(content.sha256 == content.dataset(name: "other", origin: "elsewhere").sha256)
  }
}
