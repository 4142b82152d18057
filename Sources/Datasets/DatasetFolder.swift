import Foundation

/// Finds data sets in a folder by their files' names alone, each format those of its own.
enum DatasetFolder {
  static func scan(_ folder: String) -> (sources: [DatasetSource], problems: [DatasetProblem]) {
    let names: [String]
    do throws(StorageFault) { names = try Disk().names(in: folder) } catch {
      let message = "The data folder \(folder) cannot be read (\(StorageFault.words(error.code))); it must exist."
      return ([], [DatasetProblem(name: folder, message: message)])
    }
    // What begins with a dot is hidden: other programs' own.
    var scan = FolderScan(folder: folder, names: names.filter { !$0.hasPrefix(".") })
    let known = DatasetFormats.all.map { $0.fileNames } + foreign
    for name in scan.present.sorted() where leadsOut(folder + "/" + name, of: folder) {
      scan.present.remove(name)
      guard known.contains(where: { $0.fit(name) }) else { continue }
      scan.refuse(
        name,
        "\(name): this is a link that leads out of the data folder; put the file itself there, or mount its folder there."
      )
    }
    var sources: [DatasetSource] = []
    for format in DatasetFormats.all {
      let before = scan.found.count
      format.find(in: &scan)
      sources += scan.found[before...].map { DatasetSource(name: $0.name, format: format, files: $0.files) }
    }
    // What looks like a data set and is not found by itself.
    for name in scan.present.sorted() {
      if let advice = known.first(where: { $0.fit(name) })?.advice { scan.refuse(name, "\(name): \(advice).") }
    }
    return (sources, scan.problems)
  }

  /// Formats that this service does not read, and what can be done with their files.
  private static let foreign = [
    FormatFileNames(
      endings: [".tsv", ".tab", ".tsv.gz", ".parquet", ".feather", ".arrow", ".xlsx", ".xls", ".ods", ".arff"],
      advice: "tables are read as CSV alone; save it with commas as .csv"),
    FormatFileNames(
      endings: [".npz", ".npy", ".pkl", ".pickle", ".mat", ".pt"],
      advice: "this format is not read; write the examples as CSV, HDF5 or IDX"),
    FormatFileNames(
      endings: [".csv.zip", ".csv.bz2", ".csv.xz", ".csv.zst", ".zip", ".tar", ".tar.gz", ".tgz"],
      advice: "this packing is not read; unpack it, or pack a table with gzip as .csv.gz"),
  ]

  /// Whether a path in a folder leads out of it, by links; false for what is not there.
  static func leadsOut(_ path: String, of folder: String) -> Bool {
    guard let root = realpath(folder, nil) else { return false }
    defer { free(root) }
    guard let target = realpath(path, nil) else { return false }
    defer { free(target) }
    let (inside, place) = (String(cString: root), String(cString: target))
    return !place.hasPrefix(inside.hasSuffix("/") ? inside : inside + "/")
  }
}
