import Foundation

/// Where a data set can be read from.
struct DatasetSource: Sendable {
  var name: String
  /// nil for the built-in one.
  var format: (any DatasetFormat.Type)?
  var files: [DatasetFile]
  var scaling = FeatureScaling.standard

  static let builtIn = DatasetSource(name: SyntheticImages.name, format: nil, files: [])

  /// What finds out whether the files are good, away from this process; nil for the built-in one.
  func examination(_ limits: DatasetLimits) -> DatasetExamination? {
    guard let format else { return nil }
    return DatasetExamination(name: name, format: format.name, scaling: scaling, files: files, limits: limits)
  }

  func load(_ limits: DatasetLimits) throws -> Dataset {
    guard let format else { return SyntheticImages.dataset }
    let content = try format.read(files, scaling: scaling, limits: limits)
    let names = files.map(\.name).joined(separator: ", ")
    return content.dataset(name: name, origin: "\(format.name): \(names)")
  }
}

/// Finds data sets in a folder by their files' names alone.
enum DatasetFolder {
  static func scan(_ folder: String) -> (sources: [DatasetSource], problems: [DatasetProblem]) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return ([], [DatasetProblem(name: folder, message: "The data folder \(folder) cannot be read; it must exist.")])
    }
    let root = URL(fileURLWithPath: folder)
    var scan = Scan(present: Set(names)) { DatasetFile(path: root.appendingPathComponent($0).path, name: $0) }
    scan.findCats()
    scan.findMNIST()
    scan.findTables()
    return (scan.sources, scan.problems)
  }

  private struct Scan {
    let present: Set<String>
    let file: (String) -> DatasetFile
    var sources: [DatasetSource] = []
    var problems: [DatasetProblem] = []

    init(present: Set<String>, file: @escaping (String) -> DatasetFile) {
      self.present = present
      self.file = file
    }

    mutating func findCats() {
      let pair = ["train_catvnoncat.h5", "test_catvnoncat.h5"]
      add("cat-vs-noncat", HDF5Format.self, together: pair)
    }

    /// The 60,000 of `train` and the 10,000 of `t10k` as second part, or either alone.
    mutating func findMNIST() {
      var files: [String] = []
      for prefix in ["train", "t10k"] {
        let wanted = ["\(prefix)-images-idx3-ubyte", "\(prefix)-labels-idx1-ubyte"]
        let found = wanted.map { name in present.contains(name) ? name : name + ".gz" }
        guard found.contains(where: present.contains) else { continue }
        if let missing = found.first(where: { !present.contains($0) }) {
          problems.append(problem("mnist", missing: missing))
          return
        }
        files += found
      }
      if !files.isEmpty { add("mnist", IDXFormat.self, together: files) }
    }

    mutating func findTables() {
      for table in present.sorted() where table.hasSuffix(".csv") {
        if table.hasSuffix(".test.csv") {
          let first = table.dropLast(".test.csv".count) + ".csv"
          if !present.contains(String(first)) { problems.append(problem(table, missing: String(first))) }
          continue
        }
        let name = String(table.dropLast(".csv".count))
        guard DatasetCatalogue.isValidName(name), name != SyntheticImages.name else {
          let message =
            "\(table): the file's name cannot be the name of a data set; use 1 to 64 of a-z, 0-9 and -, and not "
          problems.append(DatasetProblem(name: table, message: message + "\(SyntheticImages.name)."))
          continue
        }
        guard !sources.contains(where: { $0.name == name }) else {
          let message = "\(table): the name \(name) is taken by other files; give the table another one."
          problems.append(DatasetProblem(name: table, message: message))
          continue
        }
        let second = "\(name).test.csv"
        add(name, CSVFormat.self, together: present.contains(second) ? [table, second] : [table])
      }
    }

    /// Adds a data set whose files are all there; with some of them there, a problem.
    private mutating func add(_ name: String, _ format: any DatasetFormat.Type, together files: [String]) {
      guard files.contains(where: present.contains) else { return }
      if let missing = files.first(where: { !present.contains($0) }) {
        problems.append(problem(name, missing: missing))
      } else {
        sources.append(DatasetSource(name: name, format: format, files: files.map(file)))
      }
    }

    private func problem(_ name: String, missing: String) -> DatasetProblem {
      let message = "\(missing): the file is missing beside the others of its data set; put it into the data folder."
      return DatasetProblem(name: name, message: message)
    }
  }
}
