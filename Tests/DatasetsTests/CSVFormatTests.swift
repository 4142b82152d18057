import Testing

@testable import Datasets

@Suite struct CSVFormatTests {
  private func read(
    _ texts: String..., scaling: FeatureScaling = .none, limits: DatasetLimits = .standard
  ) throws -> DatasetContent {
    let folder = try TemporaryFolder()
    let files = try texts.enumerated().map { index, text in try folder.write("table\(index).csv", text) }
    return try CSVFormat.read(files, scaling: scaling, limits: limits)
  }

  @Test func readsQuotesLineEndsAndAByteOrderMark() throws {
    let content = try read("\u{FEFF}\"a \"\"b\"\", c\",label,d\r\n1.5,\"x,\r\ny\",-2e1\n 3 ,\"\"\"q\",\"4\"")
    #expect(content.shape == [2])
    #expect(content.first.features.floats == [1.5, -20, 3, 4])
    #expect(content.classes == ["\"q", "x,\r\ny"])
    #expect(content.first.labels == [1, 0])
  }

  @Test func integerClassesSortNumerically() throws {
    #expect(try read("a,label\n1,10\n1,9\n1,-3\n1,9\n").classes == ["-3", "9", "10"])
    #expect(try read("a,label\n1,10\n1,9\n1,b\n").classes == ["10", "9", "b"])
    #expect(try read("a,label\n1,b\n1,B\n1,a\n").classes == ["B", "a", "b"])
    #expect(try read("a,label\n1,01\n1,1\n1,2\n").first.labels == [0, 0, 1])
  }

  @Test func standardisesWithTheFirstPartsFigures() throws {
    let content = try read("a,label,b\n1,x,5\n3,y,5\n", "a,label,b\n5,y,7\n", scaling: .standard)
    #expect(content.first.features.floats == [-1, 0, 1, 0])
    #expect(content.second?.features.floats == [3, 2])
  }

  @Test func aConstantColumnBecomesZeroWhateverItsRounding() throws {
    let rows = (0..<10).map { "0.1,\($0 % 2)\n" }.joined()
    let content = try read("a,label\n" + rows, scaling: .standard)
    #expect(content.first.features.floats == [Float](repeating: 0, count: 10))
  }

  @Test(
    arguments: [
      ("", .truncated, ["header"]),
      ("a,b\n1,2\n", .missing, ["row 1", "label"]),
      ("label\nx\n", .shape, ["feature"]),
      ("a,a,label\n", .wrongFormat, ["columns 1 and 2", "\"a\""]),
      ("a,,label\n", .wrongFormat, ["column 2"]),
      ("a,label\n", .emptyPart, []),
      ("a,label\n1,x\n2\n", .shape, ["row 3 (counted from 1)", "is 1 field;", "2"]),
      ("a,label\n1,x\n\n2,y\n", .shape, ["row 3", "empty", "take it out"]),
      ("a,label\n1,x,\n", .shape, ["row 2", "3 fields"]),
      ("a,label\n1,x\nnan,y\n", .value, ["row 3", "column a", "\"nan\""]),
      ("a,label\n1,x\ninf,y\n", .value, ["row 3"]),
      ("a,label\n1,x\n1e999,y\n", .value, ["row 3", "1e999"]),
      ("a,label\n1,x\n0x10,y\n", .value, ["row 3"]),
      ("a,label\n1,x\n,y\n", .value, ["row 3"]),
      ("a,label\n1,x\n1.2.3,y\n", .value, ["row 3"]),
      ("a,label\n1,x\n1e300,y\n", .value, ["row 3", "single precision"]),
      ("a,label\n1,\n", .label, ["row 2", "column label"]),
      ("a,label\n1,x\n2,x\n", .classes, ["only 1 class"]),
      ("a,label\n1,\"x\n", .truncated, ["row 2", "closing quote"]),
      ("a,label\n1,x\"y\n", .wrongFormat, ["row 2", "quote"]),
      ("a,label\n1,\"x\"y\n", .wrongFormat, ["row 2", "closing quote"]),
      ("a,label\n1,x\r2,y\n", .wrongFormat, ["row 2", "carriage return"]),
    ] as [(String, DatasetError.Kind, [String])])
  func faults(text: String, kind: DatasetError.Kind, pieces: [String]) {
    expectFault(kind, saying: (kind == .missing ? [] : ["table0.csv"]) + pieces) { _ = try read(text) }
  }

  @Test(
    arguments: [
      ("b,label\n1,x\n", .shape, ["row 1", "they must be a, label"]),
      ("a,label\n1,x\n1,z\n", .label, ["row 3", "\"z\""]),
      ("a,label\n", .emptyPart, []),
      ("a,label\nq,x\n", .value, ["row 2", "column a"]),
    ] as [(String, DatasetError.Kind, [String])])
  func faultsOfTheSecondFile(text: String, kind: DatasetError.Kind, pieces: [String]) {
    expectFault(kind, saying: ["table1.csv"] + pieces) { _ = try read("a,label\n1,x\n2,y\n", text) }
  }

  @Test func textsMustBeUTF8() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("t.csv", Array("a,label\n1,".utf8) + [0xFF, 0x0A])
    expectFault(.wrongFormat, saying: ["t.csv", "row 2", "UTF-8"]) {
      _ = try CSVFormat.read([file], scaling: .none, limits: .standard)
    }
  }

  @Test func valuesBeyondStandardisingAreAFault() {
    expectFault(.value, saying: ["table0.csv", "column a"]) {
      _ = try read("a,label\n1e308,x\n1.7e308,y\n1.1e308,y\n", scaling: .standard)
    }
    expectFault(.tooLarge, saying: ["row 4", "2"]) {
      _ = try read("a,label\n1,x\n2,y\n3,y\n", limits: DatasetLimits(features: 2))
    }
    expectFault(.classes, saying: ["3 classes"]) {
      _ = try read("a,label\n1,x\n2,y\n3,z\n", limits: DatasetLimits(classes: 2))
    }
  }

  @Test func everyPrefixIsReadOrRefused() throws {
    let whole = "a,label,\"b\"\r\n1.5,\"x\"\"\",2\r\n-3e2,y,4\r\n"
    for length in 0...whole.utf8.count {
      let text = String(decoding: Array(whole.utf8)[..<length], as: UTF8.self)
      do { #expect(try read(text).classes == ["x\"", "y"]) } catch { #expect(error is DatasetError) }
    }
  }

  @Test func decimalNumbersAreTheNearestDoubles() {
    for text in [
      "0", "-0", "1", "0.1", "-12.75", "123456789012345", "0.000000000000001", "3.141592653589793238",
      "1e22", "1E-5", "+7", ".5", "5.", "99999999999999999999", "2.2250738585072014e-308",
    ] {
      let strict = text.hasSuffix(".") ? text + "0" : text
      #expect(DecimalNumber.parse(Array(text.utf8)[...])?.bitPattern == Double(strict)?.bitPattern, "\(text)")
    }
    for text in ["", ".", "-", "e5", "1e", "1e+", "--1", "1 2", "infinity", "0x1p3", "1_000", "1,5"] {
      #expect(DecimalNumber.parse(Array(text.utf8)[...]) == nil, "\(text)")
    }
  }
}
