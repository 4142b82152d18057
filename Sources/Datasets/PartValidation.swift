import Compression

/// Checks that every format makes in the same words.
enum PartValidation {
  /// The product of lengths, or nil beyond `limit`; never overflows.
  static func product(_ lengths: [Int], limit: Int) -> Int? {
    if lengths.contains(0) { return 0 }
    var product = 1
    for length in lengths {
      let (value, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow, value <= limit else { return nil }
      product = value
    }
    return product
  }

  /// The labels as indices; each must be one of 0…classes − 1.
  static func labels(_ raw: [Int64], classes: Int, file: String, dataset: String?) throws -> [Int32] {
    if let row = raw.firstIndex(where: { $0 < 0 || $0 >= Int64(classes) }) {
      throw DatasetError(
        .label, file: file, dataset: dataset, row: row + 1,
        "label \(raw[row]) is out of range; labels must be 0 to \(classes - 1)")
    }
    return raw.map { Int32($0) }
  }

  /// Throws where there are fewer than two classes, too many, or one without an example in the first part.
  static func classes(
    _ names: [String], first labels: [Int32], file: String, dataset: String?, limits: DatasetLimits
  ) throws {
    guard names.count >= 2 else {
      let found = names.first.map { "only 1 class (\(ShownText.quoted($0)))" } ?? "no class"
      throw DatasetError(.classes, file: file, dataset: dataset, "there is \(found); at least 2 are needed")
    }
    guard names.count <= limits.classes else {
      throw DatasetError(
        .classes, file: file, dataset: dataset,
        "there are \(names.count) classes; at most \(limits.classes) are supported")
    }
    var counts = [Int](repeating: 0, count: names.count)
    for label in labels { counts[Int(label)] += 1 }
    if let empty = counts.firstIndex(of: 0) {
      throw DatasetError(
        .emptyClass, file: file, dataset: dataset,
        "class \(empty) (\(ShownText.cut(names[empty]))) has no example; every class needs at least one in the first part"
      )
    }
  }

  /// What a gzip file holds, at most `limit` bytes; a fault says that it must be a whole gzip file of `what`.
  static func inflated(_ stored: [UInt8], file: String, limit: Int, what: String) throws -> [UInt8] {
    do throws(GzipError) { return try Gzip.inflate(stored, limit: limit) } catch {
      let kind: DatasetError.Kind
      switch error {
      case .truncated: kind = .truncated
      case .trailingBytes: kind = .trailingBytes
      case .tooLarge, .outOfMemory: kind = .tooLarge
      case .notGzip, .corrupt: kind = .wrongFormat
      }
      throw DatasetError(kind, file: file, "\(error); the file must be whole, and one gzip file of \(what)")
    }
  }

  /// Throws where a part has no examples or its labels are not as many as its examples.
  static func counts(
    examples: Int, labels: Int, examplesIn: (file: String, dataset: String?), labelsIn: (file: String, dataset: String?)
  ) throws {
    guard examples > 0 else {
      throw DatasetError(
        .emptyPart, file: examplesIn.file, dataset: examplesIn.dataset, "there are no examples; at least 1 is needed")
    }
    guard labels == examples else {
      throw DatasetError(
        .shape, file: labelsIn.file, dataset: labelsIn.dataset,
        "there are \(labels) labels for \(examples) examples; every example needs one label")
    }
  }

  /// Throws where the second part's examples have another shape than the first's.
  static func sameShape(_ first: [Int], _ second: [Int], file: String, dataset: String?) throws {
    guard first == second else {
      throw DatasetError(
        .shape, file: file, dataset: dataset,
        "examples have the shape \(text(second)); it must be \(text(first)) as in the first part")
    }
  }

  /// Throws where the number of files is not one of those that the format takes.
  static func fileCount(_ files: [DatasetFile], _ allowed: [Int], _ summary: String) throws {
    guard allowed.contains(files.count) else {
      throw DatasetError(.missing, "\(files.count) files were given; the format takes: \(summary)")
    }
  }

  /// The first few of some names, each cut to what a message can bear.
  static func list(_ names: [String]) -> String {
    let few = names.prefix(10).map(ShownText.cut).joined(separator: ", ")
    return names.count > 10 ? few + ", … (\(names.count) in all)" : few
  }

  /// A shape as people write it (`64 × 64 × 3`).
  static func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
}
