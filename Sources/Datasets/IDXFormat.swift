import Compression

/// MNIST's format (Y. LeCun, http://yann.lecun.com/exdb/mnist/): images and labels in files of their own.
public enum IDXFormat: DatasetFormat {
  public static let name = "idx"
  public static let summary = "images, labels, and if there is a second part its images and labels; gzip or not"

  public static func read(
    _ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits, rules: ReadingRules
  ) throws -> DatasetContent {
    try PartValidation.fileCount(files, [2, 4], summary)
    let first = try part(images: files[0], labels: files[1], limits)
    // Classes are the labels that occur: public data sets begin at 1, and parts of them have gaps.
    let classes = Set(first.labels).sorted()
    let names = classes.map { String($0) }
    let labels = try indices(first.labels, classes, file: files[1].name)
    try PartValidation.classes(names, first: labels, file: files[1].name, dataset: nil, limits: limits)
    var second: Dataset.Part?
    if files.count == 4 {
      var rest = limits
      rest.features -= first.pixels.count
      let part = try Self.part(images: files[2], labels: files[3], rest)
      try PartValidation.sameShape(first.shape, part.shape, file: files[2].name, dataset: nil)
      second = Dataset.Part(
        pixels: part.pixels, labels: try indices(part.labels, classes, file: files[3].name))
    }
    return DatasetContent(
      shape: first.shape, classes: names,
      first: Dataset.Part(pixels: first.pixels, labels: labels), second: second)
  }

  /// The labels as indices into the classes of the first part.
  private static func indices(_ labels: [UInt8], _ classes: [UInt8], file: String) throws -> [Int32] {
    var index = [Int32](repeating: -1, count: 256)
    for (number, label) in classes.enumerated() { index[Int(label)] = Int32(number) }
    return try labels.enumerated().map { row, label in
      let found = index[Int(label)]
      guard found >= 0 else {
        let (least, most) = (classes[0], classes[classes.count - 1])
        let right =
          classes.count == Int(most) - Int(least) + 1
          ? "\(least) to \(most)" : classes.map { String($0) }.joined(separator: ", ")
        throw DatasetError(
          .label, file: file, row: row + 1, "label \(label) is not a class of the first part; its labels are \(right)")
      }
      return found
    }
  }

  private static func part(
    images: DatasetFile, labels: DatasetFile, _ limits: DatasetLimits
  ) throws -> (shape: [Int], pixels: [UInt8], labels: [UInt8]) {
    let pixels = try array(try images.bytes(limits), file: images.name, dimensions: 2...4, limits: limits)
    let classes = try array(try labels.bytes(limits), file: labels.name, dimensions: 1...1, limits: limits)
    try PartValidation.counts(
      examples: pixels.shape[0], labels: classes.shape[0], examplesIn: (images.name, nil), labelsIn: (labels.name, nil))
    return (Array(pixels.shape.dropFirst()), pixels.bytes, classes.bytes)
  }

  /// One IDX array of unsigned bytes: a head of 0, 0, type, number of dimensions, big-endian 32-bit lengths; then data.
  static func array(
    _ stored: [UInt8], file: String, dimensions: ClosedRange<Int>, limits: DatasetLimits
  ) throws -> (shape: [Int], bytes: [UInt8]) {
    // Room for the head and one byte more, so that trailing bytes are told from too many.
    let raw =
      Gzip.isGzip(stored)
      ? try PartValidation.inflated(stored, file: file, limit: max(0, limits.features) + 1024, what: "an IDX array")
      : stored
    let expected = "an IDX file of unsigned bytes begins 00 00 08, then the number of dimensions"
    guard raw.count >= 4 else {
      throw DatasetError(.truncated, file: file, "the file ends after \(raw.count) bytes; \(expected)")
    }
    guard raw[0] == 0, raw[1] == 0, raw[2] == 8 else {
      throw DatasetError(.wrongFormat, file: file, "the first bytes are wrong; \(expected)")
    }
    let rank = Int(raw[3])
    guard dimensions.contains(rank) else {
      let right =
        dimensions.count == 1 ? "labels have 1" : "images have \(dimensions.lowerBound) to \(dimensions.upperBound)"
      throw DatasetError(.shape, file: file, "the array has \(rank) dimensions; \(right)")
    }
    let start = 4 + 4 * rank
    guard raw.count >= start else {
      throw DatasetError(
        .truncated, file: file, "the file ends after \(raw.count) bytes; its head alone has \(start)")
    }
    let shape = (0..<rank).map { axis in
      raw[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
    }
    if shape.dropFirst().contains(0) {
      throw DatasetError(
        .shape, file: file, "the shape is \(PartValidation.text(shape)); every length of an example must be 1 or more")
    }
    guard let size = PartValidation.product(shape, limit: limits.features) else {
      throw DatasetError(
        .tooLarge, file: file,
        "the shape \(PartValidation.text(shape)) is too large; at most \(limits.features) numbers are left for it")
    }
    guard raw.count - start >= size else {
      throw DatasetError(
        .truncated, file: file,
        "the file ends in row \((raw.count - start) / max(1, size / max(1, shape[0])) + 1) (counted from 1); "
          + "the head promises \(shape[0]) rows")
    }
    guard raw.count - start == size else {
      throw DatasetError(
        .trailingBytes, file: file,
        "there are \(raw.count - start - size) bytes after the last row; the file must end there")
    }
    return (shape, Array(raw[start...]))
  }
}
