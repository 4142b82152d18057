import Compression
import Testing

@testable import Datasets

/// What tables hold beside numbers: labels, names, empty lines, and what looks like something else.
@Suite struct CSVTextTests {
  private func read(
    _ texts: String..., scaling: FeatureScaling = .none, rules: ReadingRules = .current
  ) throws -> DatasetContent {
    let folder = try TemporaryFolder()
    let files = try texts.enumerated().map { index, text in try folder.write("table\(index).csv", text) }
    return try CSVFormat.read(files, scaling: scaling, limits: .standard, rules: rules)
  }

  @Test func labelsHaveNoOuterWhiteSpace() throws {
    let content = try read("a,label\n1,x\n2,y\n3,x \n4,\ty\n5,\"x \"\n6,\u{A0}x\u{A0}\n7,\u{FEFF}y\n8,\"\r\nx\"\n")
    #expect(content.classes == ["x", "y"])
    #expect(content.first.labels == [0, 1, 0, 1, 0, 0, 1, 0])
    #expect(try read("a , label\n1,x x\n2,y\n", "a,label \n1, y\n").second?.labels == [1])
    expectFault(.label, saying: ["row 3", "empty"]) { _ = try read("a,label\n1,x\n2,\" \u{A0}\"\n") }
  }

  @Test func labelsHaveABound() throws {
    let longest = String(repeating: "\u{E9}", count: 512)
    #expect(try read("a,label\n1,\(longest)\n2,y\n").classes.count == 2)
    expectFault(.label, saying: ["row 2", "1025 bytes"]) { _ = try read("a,label\n1,\(longest)z\n2,y\n") }
  }

  @Test(arguments: ["NaN", "nan", "NA", "N/A", "null", "NULL", "None", "?", "<NA>", " NaN "])
  func labelsThatAreMissing(_ word: String) throws {
    expectFault(.label, saying: ["table0.csv", "column label", "row 4", "missing", "in quotes"]) {
      _ = try read("a,label\n1,x\n2,y\n3,\(word)\n")
    }
    expectFault(.label, saying: ["table1.csv", "row 2"]) { _ = try read("a,label\n1,x\n2,y\n", "a,label\n3,\(word)\n") }
    let quoted = try read("a,label\n1,x\n2,y\n3,\"\(word)\"\n")
    #expect(quoted.classes.contains(word.withoutOuterWhiteSpace) && quoted.classes.count == 3)
  }

  @Test(arguments: [("", "empty"), ("  ", "empty"), ("NA", "missing"), ("nan", "missing"), ("1;5", "not a number")])
  func numbersThatAreMissing(_ word: String, _ says: String) {
    expectFault(.value, saying: ["column a", "row 3", says]) { _ = try read("a,label\n1,x\n\(word),y\n") }
  }

  @Test func wordsThatOnlyLookMissingAreClasses() throws {
    #expect(try read("a,label\n1,none\n2,na\n3,nano\n").classes == ["na", "nano", "none"])
  }

  @Test func namesAreComparedByTheirCodePoints() throws {
    let kelvin = try read("a,label\n1,\u{212A}\n2,K\n")
    #expect(kelvin.classes.map { Array($0.unicodeScalars)[0].value } == [0x4B, 0x212A])
    let accents = try read("\u{E9},e\u{301},label\n1,2,\u{E9}\n3,4,e\u{301}\n", "\u{E9},e\u{301},label\n1,2,e\u{301}\n")
    #expect(accents.shape == [2] && accents.first.labels == [1, 0] && accents.second?.labels == [0])
    expectFault(.shape, saying: ["table1.csv", "first file"]) {
      _ = try read("\u{E9},label\n1,x\n2,y\n", "e\u{301},label\n1,x\n")
    }
    expectFault(.label, saying: ["table1.csv", "row 2"]) {
      _ = try read("a,label\n1,\u{E9}\n2,y\n", "a,label\n1,e\u{301}\n")
    }
  }

  @Test func equalNumbersAreOneClass() throws {
    #expect(try read("a,label\n1,0\n2,1\n", "a,label\n1,0.0\n2,1.0\n").second?.labels == [0, 1])
    #expect(try read("a,label\n1,0.0\n2,1.0\n", "a,label\n1,0\n2,1\n").second?.labels == [0, 1])
    let mixed = try read("a,label\n1,1\n2,1.0\n3,2\n4,2.00\n5,0.5\n")
    #expect(mixed.classes == ["0.5", "1", "2"] && mixed.first.labels == [1, 1, 2, 2, 0])
    #expect(try read("a,label\n1,0.0\n2,1.0\n").classes == ["0.0", "1.0"])
    // Beside a word they are texts.
    #expect(try read("a,label\n1,1\n2,1.0\n3,x\n").classes == ["1", "1.0", "x"])
  }

  @Test(arguments: ["\n", "\n\n", "\r\n\r\n", ",\n", ",,,,\n", ", ,\n\n,\n", "\"\",\"\"\n", "  \n\t"])
  func emptyLinesAtTheEndAreLeftOut(_ end: String) throws {
    #expect(try read("a,label\n1,x\n2,y\n" + end).first.count == 2)
    expectFault(.shape, saying: ["row 3", "empty", "take it out"]) { _ = try read("a,label\n1,x\n\(end)\n2,y\n") }
    expectFault(.emptyPart) { _ = try read("a,label\n" + end) }
  }

  @Test(arguments: [
    ("a;b;label\n1;2;x\n", ["semicolons", "commas"]), ("a\tlabel\n1\tx\n", ["tabs", "commas"]),
    ("a|label\n1|x\n", ["bars"]), ("\n1,x\n", ["row 1", "empty"]), (",a,label\n0,1,x\n", ["column 1", "index=False"]),
    ("a,b,Label\n1,2,x\n", ["a, b, Label", "rename \"Label\""]), ("x,target\n1,2\n", ["rename \"target\""]),
    ("a,b,c,d,e,f,g,h,i,j,k,l\n", ["a, b, c, d, e, f, g, h, i, j, … (12 in all)"]),
    ("5.1,3.5,1\n4.9,3.0,0\n", ["5.1, 3.5, 1", "are numbers"]), ("a\n1\n", ["the column a"]),
  ])
  func headersThatAreNone(_ text: String, _ pieces: [String]) {
    do {
      _ = try read(text)
      Issue.record("no fault")
    } catch {
      for piece in pieces { #expect("\(error)".contains(piece), "\(error)") }
    }
  }

  @Test func headersOfTheSecondFile() {
    let names = (0..<20).map { "c\($0)" }.joined(separator: ",")
    let row = (0..<20).map { "\($0)" }.joined(separator: ",")
    let first = "\(names),label\n\(row),x\n\(row),y\n"
    expectFault(.shape, saying: ["column 3 is \"other\"; it must be \"c2\""]) {
      _ = try read(first, "\(names.replacing("c2,", with: "other,")),label\n\(row),x\n")
    }
    expectFault(.shape, saying: ["column 22 is \"more\"; it must not be there"]) {
      _ = try read(first, "\(names),label,more\n\(row),x,1\n")
    }
  }

  @Test func aRegressionIsToldSo() throws {
    // Like scikit-learn's diabetes: 442 rows, 214 whole numbers, many of them once.
    var draw: UInt64 = 1
    let targets = (0..<442).map { _ in
      draw = draw &* 6_364_136_223_846_793_005 &+ 1
      return Int(draw >> 40) % 320 + 25
    }
    let table = "a,label\n" + targets.enumerated().map { "\($0),\($1).0\n" }.joined()
    expectFault(.classes, saying: ["looks like regression", "\(Set(targets).count) different numbers", "442 rows"]) {
      _ = try read(table)
    }
    expectFault(.classes, saying: ["looks like regression"]) {
      _ = try read("a,label\n" + (0..<40).map { "\($0),\(Double($0) / 7)\n" }.joined())
    }
    // Names of classes that are numbers, however many and few of each.
    for count in [10, 62, 100, 500] {
      #expect(try read("a,label\n" + (0..<count).map { "1,\($0 + 1)\n" }.joined()).classes.count == count)
      #expect(try read("a,label\n" + (0..<count * 2).map { "1,\($0 % count * 17)\n" }.joined()).classes.count == count)
    }
    #expect(try read("a,label\n" + (0..<100).map { "1,\(Double($0 % 10) / 2)\n" }.joined()).classes.count == 10)
    #expect(try read("a,label\n" + (0..<442).map { "1,c\(targets[$0])\n" }.joined()).classes.count > 100)
    #expect(try read(table, rules: .first).classes.count == Set(targets).count)
  }

  @Test func gzipOrNot() throws {
    let text = "a,label\n1,x\n2,y\n"
    let folder = try TemporaryFolder()
    let packed = try folder.write("t.csv.gz", Gzip.deflate(Array(text.utf8)))
    let content = try CSVFormat.read([packed], scaling: .none, limits: .standard)
    #expect(try content.sha256 == read(text).sha256)
    expectFault(.tooLarge, saying: ["t.csv.gz"]) {
      _ = try CSVFormat.read([packed], scaling: .none, limits: DatasetLimits(fileBytes: 15))
    }
    let cut = try folder.write("cut.csv.gz", Array(Gzip.deflate(Array(text.utf8)).dropLast(3)))
    expectFault(.truncated, saying: ["cut.csv.gz", "a table"]) {
      _ = try CSVFormat.read([cut], scaling: .none, limits: .standard)
    }
  }

  @Test func manyColumnsAndManyClasses() throws {
    func wide(_ columns: Int) -> String {
      let names = (1..<columns).map { "c\($0)" }.joined(separator: ",")
      let values = String(repeating: "1,", count: columns - 1)
      return "\(names),label\n\(values)x\n\(values)y\n"
    }
    let most = CSVFormat.mostColumns
    #expect(try read(wide(most)).shape == [most - 1])
    expectFault(.tooLarge, saying: ["row 1", "more than \(most) columns"]) { _ = try read(wide(most + 1)) }
    expectFault(.tooLarge, saying: ["row 2"]) {
      _ = try read("a,label\n" + String(repeating: "1,", count: most) + "x\n")
    }
    // What was accepted before there was a bound is still read.
    #expect(try read(wide(most + 1), rules: .first).shape == [most])
    expectFault(.classes, saying: ["100000 classes"]) {
      _ = try read("a,label\n" + (0..<100_000).map { "1,n\($0)\n" }.joined())
    }
  }
}
