import ExactText

/// The layout of the Coursera deep learning course: `train_set_x` (N, H, W, C) of bytes, `train_set_y` (N) and
/// `list_classes` in one file, `test_set_x` and `test_set_y` in a second.
public enum HDF5Format: DatasetFormat {
  public static let name = "hdf5"
  public static let summary =
    "a file with train_set_x, train_set_y and list_classes, and if there is a second part a file with test_set_x and "
    + "test_set_y"

  public static func read(
    _ files: [DatasetFile], scaling: FeatureScaling, limits: DatasetLimits, rules: ReadingRules
  ) throws -> DatasetContent {
    try PartValidation.fileCount(files, [1, 2], summary)
    let main = files[0].name
    let (names, first) = try HDF5File.read(files[0], limits) { file in
      let names = try file.texts("list_classes", limit: limits.classes, rules)
      return (names, try Self.part(of: file, "train_set", limit: limits.features))
    }
    var seen: Set<ExactText> = []
    if let row = names.firstIndex(where: { $0.isEmpty || !seen.insert(ExactText($0)).inserted }) {
      throw DatasetError(
        .classes, file: main, dataset: "list_classes", row: row + 1,
        "the class's name is empty or appears twice; every class needs a name of its own")
    }
    let labels = try indices(first.labels, names, file: main, dataset: "train_set_y")
    try PartValidation.classes(names, first: labels, file: main, dataset: "train_set_y", limits: limits)
    var second: Dataset.Part?
    if files.count == 2 {
      second = try secondPart(files[1], names, shape: first.shape, used: first.pixels.count, limits, rules)
    }
    return DatasetContent(
      shape: first.shape, classes: names,
      first: Dataset.Part(pixels: first.pixels, labels: labels), second: second)
  }

  private static func secondPart(
    _ file: DatasetFile, _ names: [String], shape: [Int], used: Int, _ limits: DatasetLimits,
    _ rules: ReadingRules
  ) throws -> Dataset.Part {
    let (others, part) = try HDF5File.read(file, limits) { opened in
      let others = opened.has("list_classes") ? try opened.texts("list_classes", limit: limits.classes, rules) : names
      return (others, try Self.part(of: opened, "test_set", limit: limits.features - used))
    }
    let areSame =
      rules == .first ? others == names : others.map { ExactText($0) } == names.map { ExactText($0) }
    guard areSame else {
      throw DatasetError(
        .classes, file: file.name, dataset: "list_classes",
        "the classes are \(PartValidation.list(others)); they must be \(PartValidation.list(names)) as in the "
          + "first file")
    }
    try PartValidation.sameShape(shape, part.shape, file: file.name, dataset: "test_set_x")
    return Dataset.Part(
      pixels: part.pixels,
      labels: try indices(part.labels, names, file: file.name, dataset: "test_set_y"))
  }

  private static func part(
    of file: HDF5File, _ prefix: String, limit: Int
  ) throws -> (shape: [Int], pixels: [UInt8], labels: [Int64]) {
    let x = try file.bytes(
      prefix + "_x", rank: 4, layout: "examples, height, width, colours; unsigned 8-bit integers", limit: limit)
    let labels = try file.integers(prefix + "_y", limit: limit)
    try PartValidation.counts(
      examples: x.shape[0], labels: labels.count, examplesIn: (file.name, prefix + "_x"),
      labelsIn: (file.name, prefix + "_y"))
    let shape = Array(x.shape.dropFirst())
    guard !shape.contains(0) else {
      throw DatasetError(
        .shape, file: file.name, dataset: prefix + "_x",
        "examples have the shape \(PartValidation.text(shape)); every length must be 1 or more")
    }
    return (shape, x.bytes, labels)
  }

  private static func indices(
    _ raw: [Int64], _ names: [String], file: String, dataset: String
  ) throws -> [Int32] {
    try PartValidation.labels(raw, classes: names.count, file: file, dataset: dataset)
  }
}
