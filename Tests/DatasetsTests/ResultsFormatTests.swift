import Testing

@testable import Datasets

/// Tables of tried points: what is read, what is refused, and how rows are found.
@Suite struct ResultsFormatTests {
  private func read(_ text: String, limits: DatasetLimits = .standard) throws -> ResultsTable {
    let folder = try TemporaryFolder()
    let content = try ResultsFormat.read([try folder.write("tried.csv", text)], scaling: .none, limits: limits)
    return try #require(content.results)
  }

  @Test func columnsAreNumbersOrTexts() throws {
    let table = try read("\u{FEFF}units, kind ,loss,note\r\n5,relu,0.5,\r\n\" 1e1 \",\"a,b\",-0,x\r\n\r\n")
    #expect(table.rows == 2 && table.columns.map(\.name) == ["units", "kind", "loss", "note"])
    #expect(table.columns[0].values == .numbers([5, 10]))
    #expect(table.columns[1].values == .texts(["relu", "a,b"]))
    #expect(table.columns[2].values == .numbers([0.5, 0]))
    #expect(table.columns[3].values == .texts(["", "x"]))
    #expect(table.columns[3].number(0) == nil && table.columns[0].number(1) == 10)
  }

  @Test func whatIsNotANumberIsTold() throws {
    let facts = try read("a,b,c\n1,2,nan\n1,x,3\n1,1e999,4\n").facts
    #expect(facts.map(\.name) == ["a", "b", "c"])
    #expect(facts[0].firstText == nil)
    #expect(facts[1].firstText?.row == 3 && facts[1].firstText?.text == "x")
    #expect(facts[2].firstText?.row == 2 && facts[2].firstText?.text == "nan")
  }

  @Test(
    arguments: [
      ("", .truncated, ["header"]),
      ("\na,b\n", .wrongFormat, ["row 1", "first line is empty"]),
      ("a,b\n", .emptyPart, ["no rows"]),
      ("a,b\n\n\n", .emptyPart, ["no rows"]),
      ("1,2\n3,4\n", .missing, ["row 1", "column 1", "header"]),
      ("a,0.5\n3,4\n", .missing, ["column 2", "0.5"]),
      ("a,b,a\n1,2,3\n", .wrongFormat, ["columns 1 and 3", "\"a\""]),
      ("a,,b\n1,2,3\n", .wrongFormat, ["column 2 has no name"]),
      ("a\n1\n", .shape, ["only the column \"a\""]),
      ("a;b\n1;2\n", .wrongFormat, ["semicolons"]),
      ("a,b\n1,2\n3\n", .shape, ["tried.csv", "row 3", "is 1 field;", "2"]),
      ("a,b\n1,2,3\n", .shape, ["row 2", "3 fields"]),
      ("a,b\n1,2\n\n3,4\n", .shape, ["row 3", "empty"]),
      ("a,b\n1,\"2\n", .truncated, ["row 2", "closing quote"]),
      ("a,b\n1,2\u{0}\"\n", .wrongFormat, ["row 2", "quotation mark"]),
      ("\(String(repeating: "n", count: 129)),b\n1,2\n", .wrongFormat, ["129 bytes"]),
      ((0...1000).map { "c\($0)" }.joined(separator: ",") + "\n", .tooLarge, ["1000 columns"]),
    ] as [(String, DatasetError.Kind, [String])])
  func whatIsRefused(_ text: String, _ kind: DatasetError.Kind, _ words: [String]) {
    expectFault(kind, saying: words) { _ = try read(text) }
  }

  @Test func textsAreUTF8() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("tried.csv", Array("a,b\n1,".utf8) + [0xFF, 0x0A])
    expectFault(.wrongFormat, saying: ["row 2", "UTF-8"]) {
      _ = try ResultsFormat.read([file], scaling: .none, limits: .standard)
    }
  }

  @Test func oneFileIsTaken() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("tried.csv", "a,b\n1,2\n")
    expectFault(.missing, saying: ["2 files"]) {
      _ = try ResultsFormat.read([file, file], scaling: .none, limits: .standard)
    }
  }

  @Test func theContentIsWhatIsHashed() throws {
    func sha256(_ text: String) throws -> String { try read(text).sha256 }
    let known = try sha256("a,b\n1,x\n2,y\n")
    #expect(try sha256("a,b\r\n1.0,\"x\"\r\n2e0,y") == known)
    for other in ["a,c\n1,x\n2,y\n", "a,b\n2,y\n1,x\n", "a,b\n1,x\n", "a,b\n1,xy\n2,\n", "b,a\n1,x\n2,y\n"] {
      #expect(try sha256(other) != known, "\(other)")
    }
  }

  // MARK: The index

  private static let text =
    "units,kind,rate,loss\n5,relu,0.1,1\n5,tanh,0.1,2\n5,relu,0.1,3\n-0,5,1e-3,4\n5.0,relu,0.10,5\n"

  private func index(by names: [String]) throws -> ResultsIndex {
    try #require(ResultsIndex(read(Self.text), by: names))
  }

  @Test func rowsOfAPointAreItsReplicates() throws {
    let index = try index(by: ["kind", "rate", "units"])
    let point: [ResultsValue] = [.text("relu"), .number(0.1), .number(5)]
    for (replicate, row) in [0, 2, 4].enumerated() {
      let found = index.row(of: point, replicate: replicate)
      #expect(found.count == 3 && found.row == row)
    }
    let beyond = index.row(of: point, replicate: 3)
    #expect(beyond.count == 3 && beyond.row == nil)
    #expect(index.row(of: [.text("sine"), .number(0.1), .number(5)], replicate: 0).count == 0)
  }

  @Test func valuesAreHeldAgainstCells() throws {
    func found(_ names: [String], _ values: [ResultsValue]) throws -> Int? {
      try index(by: names).row(of: values, replicate: 0).row
    }
    // Zero has one value; a double that is not the same is another.
    #expect(try found(["units"], [.number(0)]) == 3 && found(["units"], [.number(-0.0)]) == 3)
    #expect(try found(["rate"], [.number(0.1)]) == 0 && found(["rate"], [.number(0.1.nextUp)]) == nil)
    // A column of numbers alone takes a text that says the number; one with texts takes the same text.
    #expect(try found(["units"], [.text("5.00")]) == 0)
    #expect(try found(["kind"], [.text("5")]) == 3 && found(["kind"], [.text("5.0")]) == nil)
    #expect(try found(["kind"], [.number(5)]) == 3 && found(["kind"], [.text("Relu")]) == nil)
  }

  @Test func aColumnThatIsNotThereMakesNoIndex() throws {
    #expect(try ResultsIndex(read(Self.text), by: ["units", "unit"]) == nil)
  }

  /// Every point of a large grid is found, each at its own row.
  @Test func everyPointOfAGridIsFound() throws {
    var rows: [String] = []
    for a in 0..<20 { for b in 0..<20 { for c in 0..<10 { rows.append("\(a),\(Double(b) / 7),k\(c),\(rows.count)") } } }
    let index = try #require(ResultsIndex(read("a,b,c,loss\n" + rows.joined(separator: "\n")), by: ["a", "b", "c"]))
    var row = 0
    for a in 0..<20 {
      for b in 0..<20 {
        for c in 0..<10 {
          let found = index.row(of: [.number(Double(a)), .number(Double(b) / 7), .text("k\(c)")], replicate: 0)
          #expect(found.row == row && found.count == 1)
          row += 1
        }
      }
    }
  }

  @Test func itsMemoryIsCounted() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("tried.csv", Self.text)
    let content = try ResultsFormat.read([file], scaling: .none, limits: .standard)
    // Three columns of five numbers, and one of five short texts.
    #expect(content.dataset(name: "t", origin: "").bytes == 5 * (3 * 8 + 16))
    #expect(try index(by: ["kind"]).bytes == 60)
  }
}
