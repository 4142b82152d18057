import Compression
import Foundation
import Testing

@testable import Datasets

/// What every format of the catalogue promises.
@Suite(.serialized) struct FormatContractTests {
  /// The files of a small data set, and what is known of them.
  struct Example: Sendable, CustomStringConvertible {
    var format: any DatasetFormat.Type
    var files: [(name: String, bytes: [UInt8])]
    /// Whether the files say themselves how long they are, so that nothing shorter is a data set.
    var saysItsLength = true

    var description: String { format.name }
  }

  /// One of each; a format without a line here fails `everyFormatHasAnExample`.
  static let examples: [Example] = [
    Example(
      format: CSVFormat.self,
      files: [
        ("table.csv", Array("a,b,label\n1,2.5,x\n3,4,y\n-5e-1,6,x\n".utf8)),
        ("table.test.csv", Array("a,b,label\n1,1,y\n".utf8)),
      ], saysItsLength: false),
    Example(
      format: IDXFormat.self,
      files: [
        ("images", [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6]),
        ("labels", [0, 0, 8, 1, 0, 0, 0, 3, 4, 7, 4]),
      ]),
    Example(
      format: ResultsFormat.self,
      files: [("tried.csv", Array("units,kind,loss\n1,x,0.5\n1,x,0.25\n\"2\",y,1e-1\n".utf8))], saysItsLength: false),
    Example(format: HDF5Format.self, files: [("train.h5", (try? Fixtures.bytes("train.h5")) ?? [])]),
  ]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ files: [(name: String, bytes: [UInt8])]) throws -> [DatasetFile] {
    try files.map { try folder.write($0.name, $0.bytes) }
  }

  private func read(_ example: Example, limits: DatasetLimits = .standard) throws -> DatasetContent {
    try example.format.read(try write(example.files), scaling: .none, limits: limits)
  }

  /// Reads what may be wrong; nil where it is refused, in a sentence that names a file.
  private func readOrRefuse(
    _ format: any DatasetFormat.Type, _ files: [(name: String, bytes: [UInt8])], _ comment: Comment
  ) throws -> DatasetContent? {
    do {
      let content = try format.read(try write(files), scaling: .none, limits: .standard)
      try expectWhole(content)
      return content
    } catch let error as DatasetError {
      #expect(error.message.hasSuffix(".") && !error.message.hasSuffix(".."), comment)
      #expect(files.contains { error.message.contains($0.name) } || error.file == nil, comment)
      return nil
    }
  }

  private func expectWhole(_ content: DatasetContent) throws {
    if let results = content.results {
      #expect(results.rows > 0 && results.columns.count >= 2 && content.first.count == 0 && content.classes.isEmpty)
      return
    }
    #expect(content.classes.count >= 2 && Set(content.classes).count == content.classes.count)
    for part in [content.first, content.second].compactMap({ $0 }) {
      #expect(part.count > 0 && part.features.count == part.count * content.shape.reduce(1, *))
      #expect(part.labels.allSatisfy { (0..<Int32(content.classes.count)).contains($0) })
      #expect(part.features.floats.allSatisfy { $0.isFinite })
    }
    #expect(Set(content.first.labels).count == content.classes.count)
  }

  // MARK: What it says of itself

  @Test func everyFormatHasAnExample() {
    let names = DatasetFormats.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(Set(Self.examples.map { $0.format.name }) == Set(names))
    for format in DatasetFormats.all {
      let (name, summary, fileNames) = (format.name, format.summary, format.fileNames)
      let isFound = DatasetFormats.named(name).map { ObjectIdentifier($0) } == ObjectIdentifier(format)
      #expect(isFound && !name.isEmpty && !summary.isEmpty)
      #expect(fileNames.endings.allSatisfy { $0 == $0.lowercased() })
      #expect(fileNames.advice?.hasSuffix(".") != true)
    }
    #expect(DatasetFormats.named("none") == nil)
  }

  /// A file's name fits one format at most.
  @Test func endingsAreOfOneFormat() {
    let all = DatasetFormats.all.flatMap { $0.fileNames.endings }
    for ending in all {
      let fitting = DatasetFormats.all.map { $0.fileNames }.filter { $0.fit("x" + ending) }
      #expect(fitting.count == 1, "\(ending)")
    }
  }

  /// What the API's description and the page offer is what there is.
  @Test func theAPIAndThePageKnowEveryFormat() throws {
    let root = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
    let names = DatasetFormats.all.map { $0.name }.sorted()
    let text = try Data(
      contentsOf: root.appendingPathComponent("Sources/TuningAPI/Resources/openapi.json"))
    var enums: [[String]] = []
    func look(_ value: Any) {
      if let object = value as? [String: Any] {
        if let format = object["format"] as? [String: Any], let all = format["enum"] as? [String] { enums.append(all) }
        object.values.forEach(look)
      } else if let array = value as? [Any] {
        array.forEach(look)
      }
    }
    look(try JSONSerialization.jsonObject(with: text))
    #expect(!enums.isEmpty && enums.allSatisfy { $0.sorted() == names })
    let page = try String(
      contentsOf: root.appendingPathComponent("public/js/parts/dataset-upload.js"), encoding: .utf8)
    let table = try #require(page.firstMatch(of: #/(?s)const FORMATS = \{(.*?)\n\};/#)).1
    let keys = table.matches(of: #/(?m)^ {2}(\w+): \{$/#).map { String($0.1) }
    #expect(keys.sorted() == names)
  }

  // MARK: Reading

  @Test(arguments: examples) func theExampleIsRead(_ example: Example) throws {
    let content = try read(example)
    try expectWhole(content)
    #expect(try read(example).sha256 == content.sha256)
  }

  /// Cut anywhere, a file is refused in a sentence; a table may be whole with fewer rows.
  @Test(arguments: examples) func cutAnywhere(_ example: Example) throws {
    let whole = try read(example)
    for index in example.files.indices {
      for end in 0..<example.files[index].bytes.count {
        var files = example.files
        files[index].bytes = Array(files[index].bytes[..<end])
        let found = try readOrRefuse(example.format, files, "\(example.format.name), file \(index), \(end) bytes")
        guard let found else { continue }
        #expect(!example.saysItsLength, "\(example.format.name), file \(index), \(end) bytes")
        #expect(found.first.count <= whole.first.count && found.results?.rows ?? 0 <= whole.results?.rows ?? 0)
      }
    }
  }

  @Test(arguments: examples) func boundsHold(_ example: Example) throws {
    let whole = try read(example)
    let features =
      whole.results.map { $0.rows * $0.columns.count }
      ?? whole.first.features.count + (whole.second?.features.count ?? 0)
    #expect(try read(example, limits: DatasetLimits(features: features)).sha256 == whole.sha256)
    expectFault(.tooLarge) { _ = try read(example, limits: DatasetLimits(features: features - 1)) }
    let bytes = example.files.map(\.bytes.count).max() ?? 0
    #expect(try read(example, limits: DatasetLimits(fileBytes: bytes)).sha256 == whole.sha256)
    expectFault(.tooLarge) { _ = try read(example, limits: DatasetLimits(fileBytes: bytes - 1)) }
    // A table of results has no classes.
    guard whole.results == nil else { return }
    #expect(try read(example, limits: DatasetLimits(classes: whole.classes.count)).sha256 == whole.sha256)
    #expect(throws: DatasetError.self) {
      try read(example, limits: DatasetLimits(classes: whole.classes.count - 1))
    }
  }

  /// Files of one format are none of another's, and neither are no files, or one that is not there.
  @Test(arguments: examples) func othersFilesAreRefused(_ example: Example) throws {
    for other in Self.examples where other.format.name != example.format.name {
      #expect(
        try readOrRefuse(example.format, other.files, "\(other.format.name) read as \(example.format.name)") == nil)
    }
    #expect(throws: DatasetError.self) { try example.format.read([], scaling: .none, limits: .standard) }
    let missing = example.files.map { DatasetFile(path: folder.path + "/none/" + $0.name) }
    #expect(throws: DatasetError.self) { try example.format.read(missing, scaling: .none, limits: .standard) }
  }

  /// What is kept on a shelf is read again as what it was.
  @Test(arguments: examples) func aShelfKeepsIt(_ example: Example) throws {
    let shelf = try DatasetShelf(folder: folder.path + "/shelf")
    let added = try DatasetCatalogue(folder: nil, shelf: shelf).add(
      "x", format: example.format, scaling: .none, files: try write(example.files))
    let later = DatasetCatalogue(folder: nil, shelf: shelf)
    #expect(try later.facts(of: "x") == added.facts && added.isNew)
    #expect(try later.dataset(named: "x").sha256 == read(example).sha256)
  }
}
