import Testing

@testable import Datasets

/// Columns that are constant, that are so but for rounding, and that are not.
@Suite struct ColumnScalingTests {
  private func features(_ first: [String], _ second: [String], rules: ReadingRules = .current) throws -> (
    first: [Float], second: [Float], scaling: InputScaling?
  ) {
    let folder = try TemporaryFolder()
    func table(_ values: [String]) -> String {
      "a,label\n" + values.enumerated().map { "\($1),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
    }
    let files = [try folder.write("t.csv", table(first)), try folder.write("t.test.csv", table(second))]
    let content = try CSVFormat.read(files, scaling: .standard, limits: .standard, rules: rules)
    return (content.first.features.floats, content.second?.features.floats ?? [], content.inputScaling)
  }

  @Test(arguments: [
    ("14.62", "14.620000000000001", "14.63"), ("0.3", "0.30000000000000004", "0.4"),
    ("-0.1", "-0.10000000000000002", "5"),
    ("1700000000", "1700000000.0000002", "1700000001"), ("1e-200", "1.0000000000000002e-200", "1"),
    ("123456789.123456", "123456789.12345603", "0"),
  ])
  func constantButForRounding(_ value: String, _ other: String, _ later: String) throws {
    for count in [2, 10, 1000] {
      let found = try features((0..<count).map { $0 % 5 == 1 ? other : value }, [later, value])
      #expect(found.first.allSatisfy { $0 == 0 } && found.first.count == count, "\(count)")
      #expect(found.second == [0, 0])
      // New examples get what the data set's got.
      let numbers = [try #require(Double(later))]
      #expect(try #require(found.scaling).features(of: numbers).map { abs($0) } == [0])
    }
  }

  @Test(arguments: [
    ["1700000000", "1699999999", "1700000001"], ["1700000000.001", "1700000000.002", "1700000000.003"],
    ["1.0000001", "1.0000002", "1.0000003"], ["14.62", "14.62000000001", "14.61999999999"],
    ["1000000.000001", "1000000.000002", "1000000.000003"], ["1e-9", "2e-9", "0"],
  ])
  func smallDifferencesThatMeanSomething(_ values: [String]) throws {
    let found = try features(values, values)
    let older = try features(values, values, rules: .first)
    #expect(found.first.map(\.bitPattern) == older.first.map(\.bitPattern))
    #expect(found.first == found.second && Set(found.first).count == 3)
    let deviation = found.first.reduce(0) { $0 + $1 * $1 } / 3
    #expect(abs(deviation - 1) < 1e-3)
  }

  @Test func aDeviationBelowTheRoundingOfTheMean() throws {
    // With this many rows the mean is off by more than these numbers differ.
    let unit = 14.62.ulp
    let values = (0..<100_000).map { "\(14.62 + Double($0 % 7) * 28 * unit)" }
    let found = try features(values, ["14.63", "14.62"])
    #expect(found.first.allSatisfy { $0 == 0 } && found.second == [0, 0])
    let seconds = (0..<100_000).map { "\(1_700_000_000 + Double($0 % 3 - 1) / 1000)" }
    #expect(try Set(features(seconds, ["0"]).first).count == 3)
  }

  @Test func oneValueIsTakenAwayAsBefore() throws {
    let found = try features(["5", "5"], ["7", "5"])
    #expect(found.first == [0, 0] && found.second == [2, 0])
  }
}
