import Foundation
import Testing

@testable import Datasets

@Suite struct HDF5FormatTests {
  private func read(_ names: String..., limits: DatasetLimits = .standard) throws -> DatasetContent {
    try HDF5Format.read(names.map { Fixtures.file($0 + ".h5") }, scaling: .standard, limits: limits)
  }

  @Test func readsBothParts() throws {
    let content = try read("train", "test")
    #expect(content.shape == [2, 3, 3])
    #expect(content.classes == ["non-cat", "cat"])
    #expect(content.first.labels == [0, 1, 0, 1, 1, 0])
    #expect(content.first.features.floats == (0..<108).map { Float($0) / 255 })
    #expect(content.second?.labels == [0, 1])
    #expect(content.second?.features.floats == (100..<136).map { Float($0) / 255 })
  }

  @Test func theSecondPartIsOptionalAndNeedsNoClasses() throws {
    #expect(try read("train").second == nil)
    #expect(try read("train_chunked").sha256 == read("train").sha256)
    #expect(try read("train", "test_no_classes").second?.count == 2)
  }

  @Test(
    arguments: [
      ("label_range", .label, ["train_set_y", "row 4 (counted from 1)", "label 7", "0 to 1"]),
      ("label_negative", .label, ["train_set_y", "row 1", "label -1"]),
      ("label_floats", .wrongFormat, ["train_set_y", "integers"]),
      ("label_huge_integers", .wrongFormat, ["train_set_y", "integers of 1 to 8 bytes"]),
      ("label_count", .shape, ["train_set_y", "5 labels for 6 examples"]),
      ("label_missing", .missing, ["train_set_y"]),
      ("images_missing", .missing, ["train_set_x"]),
      ("images_floats", .wrongFormat, ["train_set_x", "unsigned 8-bit"]),
      ("images_int8", .wrongFormat, ["train_set_x", "unsigned 8-bit"]),
      ("images_flat", .shape, ["train_set_x", "2 dimensions", "4"]),
      ("images_empty", .emptyPart, ["train_set_x"]),
      ("images_no_pixels", .shape, ["train_set_x", "0 × 3 × 3"]),
      ("images_soft_link", .truncated, ["train_set_x", "link"]),
      ("images_external_link", .truncated, ["train_set_x", "link"]),
      ("images_external_file", .truncated, ["train_set_x", "in this file itself"]),
      ("images_damaged_layout", .truncated, ["train_set_x", "whole"]),
      ("images_damaged_chunks", .truncated, ["train_set_x", "whole"]),
      ("classes_missing", .missing, ["list_classes"]),
      ("classes_one", .classes, ["only 1 class", "at least 2"]),
      ("classes_empty_class", .emptyClass, ["class 2 (c)"]),
      ("classes_twice", .classes, ["list_classes", "row 2"]),
      ("classes_variable_empty", .classes, ["list_classes", "row 2", "empty"]),
      ("classes_variable_long", .wrongFormat, ["list_classes", "1024 bytes"]),
      ("classes_variable_huge", .truncated, ["list_classes"]),
      ("images_lzf", .wrongFormat, ["train_set_x", "lzf (filter 32000)", "compression=\"gzip\""]),
      ("images_blosc", .wrongFormat, ["train_set_x", "blosc (filter 32001)"]),
      ("images_unknown_filter", .wrongFormat, ["train_set_x", "with filter 32255"]),
      ("classes_numbers", .wrongFormat, ["list_classes", "texts"]),
      ("huge", .tooLarge, ["train_set_x", "1099511627776"]),
    ] as [(String, DatasetError.Kind, [String])])
  func faultsOfTheFirstFile(name: String, kind: DatasetError.Kind, pieces: [String]) {
    expectFault(kind, saying: ["\(name).h5"] + pieces) { _ = try read(name) }
  }

  @Test(
    arguments: [
      ("test_other_classes", .classes, ["list_classes", "non-cat, cat"]),
      ("test_other_shape", .shape, ["test_set_x", "2 × 2 × 3", "2 × 3 × 3"]),
      ("test_label_range", .label, ["test_set_y", "row 2", "label 2"]),
      ("test_empty", .emptyPart, ["test_set_x"]),
      ("train", .missing, ["test_set_x"]),
    ] as [(String, DatasetError.Kind, [String])])
  func faultsOfTheSecondFile(name: String, kind: DatasetError.Kind, pieces: [String]) {
    expectFault(kind, saying: ["\(name).h5"] + pieces) { _ = try read("train", name) }
  }

  @Test func textsOfEveryKindAreRead() throws {
    let variable = try read("classes_variable", "test_variable")
    #expect(variable.classes == ["non-cat", "k\u{E4}tzchen"] && variable.second?.count == 2)
    #expect(try read("classes_padded").classes == ["non-cat", "cat"])
    #expect(try read("classes_padded").sha256 == read("train").sha256)
    // Two normal forms of one letter are two classes.
    #expect(try read("classes_forms").classes.map { Array($0.unicodeScalars).count } == [1, 2])
    let older = try HDF5Format.read(
      [Fixtures.file("classes_padded.h5")], scaling: .standard, limits: .standard, rules: .first)
    #expect(older.classes == ["non-cat   ", "cat       "])
  }

  @Test func limitsHoldForBothPartsTogether() throws {
    #expect(try read("train", "test", limits: DatasetLimits(features: 144)).second?.count == 2)
    expectFault(.tooLarge, saying: ["test.h5", "test_set_x"]) {
      _ = try read("train", "test", limits: DatasetLimits(features: 143))
    }
    expectFault(.tooLarge) { _ = try read("train", limits: DatasetLimits(fileBytes: 100)) }
  }

  @Test func everyTruncationIsAFaultAndNoCrash() throws {
    let whole = try Fixtures.bytes("train.h5")
    let folder = try TemporaryFolder()
    for length in Array(0..<100) + Array(stride(from: 100, to: whole.count, by: 37)) {
      let file = try folder.write("cut.h5", Array(whole[..<length]))
      #expect(throws: DatasetError.self, "cut to \(length)") {
        try HDF5Format.read([file], scaling: .standard, limits: .standard)
      }
    }
  }

  @Test func foreignFilesAreNamed() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("notes.h5", String(repeating: "no HDF5 ", count: 100))
    expectFault(.wrongFormat, saying: ["notes.h5", "89 48 44 46"]) {
      _ = try HDF5Format.read([text], scaling: .standard, limits: .standard)
    }
    expectFault(.unreadable, saying: ["absent.h5"]) { _ = try read("absent") }
    expectFault(.unreadable, saying: ["regular file"]) {
      _ = try HDF5Format.read([DatasetFile(path: folder.path)], scaling: .standard, limits: .standard)
    }
    expectFault(.missing) { _ = try HDF5Format.read([], scaling: .standard, limits: .standard) }
  }

  @Test func manyThreadsMayRead() async throws {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<16 { group.addTask { try self.read("train", "test").first.count } }
      for try await count in group { #expect(count == 6) }
    }
  }
}
