/// A look through a data folder: the files that no data set has taken yet, and what was found so far.
public struct FolderScan: Sendable {
  let folder: String
  /// The names of files that are left.
  var present: Set<String>
  private(set) var found: [(name: String, files: [DatasetFile])] = []
  private(set) var problems: [DatasetProblem] = []

  init(folder: String, names: [String]) {
    self.folder = folder
    present = Set(names)
  }

  /// Whether a data set of this name was found.
  func has(_ name: String) -> Bool { found.contains { $0.name == name } }

  /// Notes a data set, whose files lie in the folder under these names.
  mutating func add(_ name: String, _ files: [String]) {
    found.append((name, files.map { DatasetFile(path: folder + "/" + $0, name: $0) }))
  }

  /// Notes why a file, or a data set of a name, cannot be used.
  mutating func refuse(_ name: String, _ message: String) {
    problems.append(DatasetProblem(name: name, message: message))
  }

  /// Notes that a file of a data set is missing.
  mutating func refuse(_ name: String, missing: String) {
    refuse(name, "\(missing): the file is missing beside the others of its data set; put it into the data folder.")
  }
}
