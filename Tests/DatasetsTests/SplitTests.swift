import Testing

@testable import Datasets

@Suite struct SplitTests {
  /// A keyed draw for tests (SplitMix64's finaliser).
  static func key(_ seed: UInt64) -> (Int) -> UInt64 {
    { example in
      var z = seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(example) &* 0xD6E8_FEB8_6659_FD93
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  static let labels = (0..<209).map { Int32($0 % 29 < 10 ? 1 : 0) }

  private func counts(_ part: [Int], _ labels: [Int32], classes: Int) -> [Int] {
    part.reduce(into: [Int](repeating: 0, count: classes)) { $0[Int(labels[$1])] += 1 }
  }

  @Test(arguments: [(0.2, nil), (0.2, 0.2), (0.5, 0.3), (0.001, nil), (0.999, nil), (0.6, 0.399)])
  func holdoutIsStratified(share: Double, test: Double?) throws {
    let split = try Split.holdout(labels: Self.labels, classes: 2, share: share, test: test, key: Self.key(1))
    #expect((split.training + split.validation + split.test).sorted() == Array(0..<209))
    for part in [split.training, split.validation, split.test] { #expect(part == part.sorted()) }
    let sizes = counts(Array(0..<209), Self.labels, classes: 2)
    for (part, share) in [(split.validation, share), (split.test, test ?? 0)] {
      for (count, size) in zip(counts(part, Self.labels, classes: 2), sizes) {
        #expect(abs(Double(count) - Double(size) * share) <= 1)
        #expect(share == 0 || count >= 1)
      }
    }
    #expect(counts(split.training, Self.labels, classes: 2).allSatisfy { $0 >= 1 })
  }

  /// What a split will hold is known without making it.
  @Test(arguments: [(0.2, nil), (0.2, 0.2), (0.5, 0.3), (0.001, nil), (0.999, nil), (0.6, 0.399)])
  func sizesAreKnownBefore(share: Double, test: Double?) throws {
    let sizes = counts(Array(0..<209), Self.labels, classes: 2)
    let split = try Split.holdout(labels: Self.labels, classes: 2, share: share, test: test, key: Self.key(1))
    #expect(
      counts(split.validation, Self.labels, classes: 2) == Split.heldOut(ofClasses: sizes, share: share, test: test))
    let (kept, aside) = try Split.settingAside(labels: Self.labels, classes: 2, share: share, key: Self.key(1))
    #expect(counts(aside, Self.labels, classes: 2) == Split.setAside(ofClasses: sizes, share: share))
    #expect((kept + aside).sorted() == Array(0..<209))
    #expect(counts(kept, Self.labels, classes: 2).allSatisfy { $0 >= 1 })
    #expect(counts(aside, Self.labels, classes: 2).allSatisfy { $0 >= 1 })
  }

  @Test func sizesAreExactWhereTheyCanBe() throws {
    let labels = (0..<100).map { Int32($0 % 2) }
    let split = try Split.holdout(labels: labels, classes: 2, share: 0.2, test: 0.1, key: Self.key(3))
    #expect((split.training.count, split.validation.count, split.test.count) == (70, 20, 10))
    #expect(counts(split.validation, labels, classes: 2) == [10, 10])
  }

  @Test(arguments: [2, 3, 5, 10, 70])
  func foldsAreEven(count: Int) throws {
    let folds = try Split.folds(labels: Self.labels, classes: 2, count: count, key: Self.key(2))
    #expect(folds.count == count)
    #expect(folds.flatMap { $0 }.sorted() == Array(0..<209))
    #expect(folds.allSatisfy { $0 == $0.sorted() })
    let perClass = folds.map { counts($0, Self.labels, classes: 2) }
    for label in 0..<2 {
      let column = perClass.map { $0[label] }
      #expect(column.max()! - column.min()! <= 1)
    }
    #expect(folds.map(\.count).max()! - folds.map(\.count).min()! <= 1)
  }

  @Test func theKeysDecideAndNothingElse() throws {
    func folds(_ seed: UInt64) throws -> [[Int]] {
      try Split.folds(labels: Self.labels, classes: 2, count: 5, key: Self.key(seed))
    }
    #expect(try folds(4) == folds(4))
    #expect(try folds(4) != folds(5))
    // Equal keys fall back on the examples' order, so that the split stays decided.
    let same = try Split.folds(labels: [1, 0, 0, 1, 1], classes: 2, count: 2) { _ in 0 }
    #expect(same == [[0, 1, 4], [2, 3]])
  }

  @Test func whatCannotBeSplitIsRefused() {
    let labels: [Int32] = [0, 0, 0, 1, 1]
    #expect(throws: SplitError.classTooSmall(label: 1, examples: 2, needed: 3)) {
      try Split.folds(labels: labels, classes: 2, count: 3, key: Self.key(1))
    }
    #expect(throws: SplitError.classTooSmall(label: 1, examples: 2, needed: 3)) {
      try Split.holdout(labels: labels, classes: 2, share: 0.2, test: 0.2, key: Self.key(1))
    }
    #expect(throws: SplitError.classTooSmall(label: 2, examples: 0, needed: 2)) {
      try Split.holdout(labels: labels, classes: 3, share: 0.2, key: Self.key(1))
    }
    #expect(throws: SplitError.badFolds(1)) { try Split.folds(labels: labels, classes: 2, count: 1, key: Self.key(1)) }
    for (share, test) in [(0, nil), (1, nil), (-0.1, nil), (.nan, nil), (0.5, 0.5), (0.5, 0)] as [(Double, Double?)] {
      #expect(throws: SplitError.self) {
        try Split.holdout(labels: labels, classes: 2, share: share, test: test, key: Self.key(1))
      }
    }
  }
}
