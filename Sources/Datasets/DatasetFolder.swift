import Foundation

/// Finds data sets in a folder by their files' names alone.
enum DatasetFolder {
  static func scan(_ folder: String) -> (sources: [DatasetSource], problems: [DatasetProblem]) {
    let names: [String]
    do throws(StorageFault) { names = try Disk().names(in: folder) } catch {
      let message = "The data folder \(folder) cannot be read (\(StorageFault.words(error.code))); it must exist."
      return ([], [DatasetProblem(name: folder, message: message)])
    }
    // What begins with a dot is hidden: other programs' own.
    var scan = Scan(folder: folder, names: names.filter { !$0.hasPrefix(".") })
    scan.findCats()
    scan.findMNIST()
    scan.findTables()
    scan.findOthers()
    return (scan.sources, scan.problems)
  }

  /// Whether a path in a folder leads out of it, by links; false for what is not there.
  static func leadsOut(_ path: String, of folder: String) -> Bool {
    guard let root = realpath(folder, nil) else { return false }
    defer { free(root) }
    guard let target = realpath(path, nil) else { return false }
    defer { free(target) }
    let (inside, place) = (String(cString: root), String(cString: target))
    return !place.hasPrefix(inside.hasSuffix("/") ? inside : inside + "/")
  }

  private struct Scan {
    let folder: String
    var present: Set<String>
    var sources: [DatasetSource] = []
    var problems: [DatasetProblem] = []

    init(folder: String, names: [String]) {
      self.folder = folder
      present = Set(names)
      for name in names where DatasetFolder.leadsOut(folder + "/" + name, of: folder) {
        present.remove(name)
        guard Self.isOfInterest(name) else { continue }
        problems.append(
          DatasetProblem(
            name: name,
            message:
              "\(name): this is a link that leads out of the data folder; put the file itself there, or mount its "
              + "folder there."))
      }
    }

    private static let endsOfTables = [".csv", ".csv.gz"]

    /// Formats that others keep data sets in, and what can be done with them.
    private static let others: [(ends: [String], advice: String)] = [
      (
        [".h5", ".hdf5", ".hdf"],
        "of this format only train_catvnoncat.h5 and test_catvnoncat.h5 are found by themselves; bring the file in by "
          + "POST /v1/datasets with its path"
      ),
      (
        ["-ubyte", "-ubyte.gz", ".idx", ".idx.gz"],
        "of this format only MNIST's files are found by themselves (train-images-idx3-ubyte and so on); bring the files in "
          + "by POST /v1/datasets with their paths"
      ),
      (
        [".tsv", ".tab", ".tsv.gz", ".parquet", ".feather", ".arrow", ".xlsx", ".xls", ".ods", ".arff"],
        "tables are read as CSV alone; save it with commas as .csv"
      ),
      (
        [".npz", ".npy", ".pkl", ".pickle", ".mat", ".pt"],
        "this format is not read; write the examples as CSV, HDF5 or IDX"
      ),
      (
        [".csv.zip", ".csv.bz2", ".csv.xz", ".csv.zst", ".zip", ".tar", ".tar.gz", ".tgz"],
        "this packing is not read; unpack it, or pack a table with gzip as .csv.gz"
      ),
    ]

    private static func isOfInterest(_ name: String) -> Bool {
      let lower = name.lowercased()
      return (endsOfTables + others.flatMap(\.ends)).contains { lower.hasSuffix($0) }
    }

    private func file(_ name: String) -> DatasetFile { DatasetFile(path: folder + "/" + name, name: name) }

    mutating func findCats() {
      let pair = ["train_catvnoncat.h5", "test_catvnoncat.h5"]
      guard pair.contains(where: present.contains) else { return }
      defer { present.subtract(pair) }
      if let missing = pair.first(where: { !present.contains($0) }) {
        problems.append(problem("cat-vs-noncat", missing: missing))
      } else {
        sources.append(DatasetSource(name: "cat-vs-noncat", format: HDF5Format.self, files: pair.map(file)))
      }
    }

    /// The 60,000 of `train` and the 10,000 of `t10k` as second part, or either alone; named as their authors do, or as
    /// programs do that unpack them, with a dot in place of the second hyphen.
    mutating func findMNIST() {
      var files: [String] = []
      defer { present.subtract(files) }
      for prefix in ["train", "t10k"] {
        let wanted = ["images-idx3-ubyte", "labels-idx1-ubyte"].map { part in
          let names = ["\(prefix)-\(part)", "\(prefix)-\(part.replacing("-idx", with: ".idx"))"]
          return names + names.map { $0 + ".gz" }
        }
        let found = wanted.map { names in names.first(where: present.contains) }
        defer { present.subtract(wanted.joined()) }
        guard let known = found.compactMap({ $0 }).first else { continue }
        if let missing = found.firstIndex(of: nil) {
          // Named as the one that is there.
          let likeness = wanted[1 - missing].firstIndex(of: known) ?? 0
          problems.append(problem("mnist", missing: wanted[missing][likeness]))
          return
        }
        files += found.compactMap { $0 }
      }
      if !files.isEmpty { sources.append(DatasetSource(name: "mnist", format: IDXFormat.self, files: files.map(file))) }
    }

    /// The name of a table's file without its end; nil for other files.
    private func table(_ file: String) -> (stem: String, isSecond: Bool)? {
      let lower = file.lowercased()
      for end in Self.endsOfTables {
        if lower.hasSuffix(".test" + end) { return (String(file.dropLast(end.count + ".test".count)), true) }
        if lower.hasSuffix(end) { return (String(file.dropLast(end.count)), false) }
      }
      return nil
    }

    mutating func findTables() {
      var firsts: [String: [String]] = [:]
      var seconds: [String: [String]] = [:]
      // Of two that differ in their ends alone, the plain one.
      let plainFirst = Self.endsOfTables.flatMap { end in present.sorted().filter { $0.hasSuffix(end) } }
      let others = present.subtracting(plainFirst).sorted()
      for file in plainFirst + others {
        guard let (stem, isSecond) = table(file) else { continue }
        if isSecond { seconds[stem, default: []].append(file) } else { firsts[stem, default: []].append(file) }
        present.remove(file)
      }
      func refuse(_ file: String, _ why: String) {
        problems.append(DatasetProblem(name: file, message: "\(file): \(why)."))
      }
      for (stem, files) in seconds where firsts[stem] == nil {
        for file in files { problems.append(problem(file, missing: stem + ".csv")) }
      }
      for (stem, files) in firsts {
        guard DatasetCatalogue.isValidName(stem), stem != SyntheticImages.name else {
          let right = "use 1 to 64 of a-z, 0-9 and -, and not \(SyntheticImages.name)"
          for file in files { refuse(file, "the file's name cannot be the name of a data set; \(right)") }
          continue
        }
        let isTaken = sources.contains { $0.name == stem }
        for file in isTaken ? files : Array(files.dropFirst()) {
          refuse(file, "the name \(stem) is taken by other files; give the table another one")
        }
        if isTaken { continue }
        let others = seconds[stem] ?? []
        for file in others.dropFirst() { refuse(file, "there is another second part, \(others[0]); take one away") }
        let both = [files[0]] + others.prefix(1)
        sources.append(DatasetSource(name: stem, format: CSVFormat.self, files: both.map(self.file)))
      }
    }

    /// What looks like a data set and is none that is found by itself.
    mutating func findOthers() {
      for name in present.sorted() {
        let lower = name.lowercased()
        guard let advice = Self.others.first(where: { $0.ends.contains { lower.hasSuffix($0) } })?.advice else {
          continue
        }
        problems.append(DatasetProblem(name: name, message: "\(name): \(advice)."))
      }
    }

    private func problem(_ name: String, missing: String) -> DatasetProblem {
      let message = "\(missing): the file is missing beside the others of its data set; put it into the data folder."
      return DatasetProblem(name: name, message: message)
    }
  }
}
