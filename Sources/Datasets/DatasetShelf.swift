import Foundation

/// Data sets that were brought to the service, kept in a folder of its own under the hash of their content.
///
/// `objects/HASH` holds the files of a content and how they are read; `names/NAME.json` says which content a name has.
/// Both are made aside and renamed into place, so that a kill leaves a data set whole or not there.
public final class DatasetShelf: Sendable {
  /// How the files of a content are read.
  private struct Manifest: Codable {
    var format: String
    var scaling: String
    var files: [String]
  }

  private struct Name: Codable {
    var sha256: String
  }

  private let folder: URL

  /// Opens a shelf, or makes it; what an earlier service left unfinished is taken away.
  public init(folder: String) throws {
    self.folder = URL(fileURLWithPath: folder)
    try? FileManager.default.removeItem(at: staging)
    for part in [objects, names, staging, imports] {
      try FileManager.default.createDirectory(at: part, withIntermediateDirectories: true)
    }
  }

  private var objects: URL { folder.appendingPathComponent("objects") }
  private var names: URL { folder.appendingPathComponent("names") }
  private var imports: URL { folder.appendingPathComponent("imports") }
  private var staging: URL { folder.appendingPathComponent("incoming") }

  /// Takes away what is on its way in; for the end of a service, when nothing comes in any more.
  public func clear() { try? FileManager.default.removeItem(at: staging) }

  /// A new folder for files on their way in; the caller takes it away.
  public func stage() throws -> String {
    let path = staging.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    return path.path
  }

  // MARK: Imports

  /// Every import that is not done.
  public func unfinishedImports() -> [DatasetImport] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: imports.path)) ?? []
    return files.sorted().compactMap { file in
      (try? Data(contentsOf: imports.appendingPathComponent(file))).flatMap {
        try? JSONDecoder().decode(DatasetImport.self, from: $0)
      }
    }
  }

  /// Remembers how far an import is.
  public func keep(_ unfinished: DatasetImport) throws {
    try place(try JSONEncoder().encode(unfinished), imports.appendingPathComponent(unfinished.name + ".json"))
  }

  /// Forgets an import that is done or not wanted any more.
  public func forgetImport(_ name: String) { unlink(imports.appendingPathComponent(name + ".json").path) }

  // MARK: Data sets

  /// Every data set on the shelf.
  func sources() -> [DatasetSource] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: names.path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.sorted().compactMap { file in
      let name = String(file.dropLast(".json".count))
      guard let data = try? Data(contentsOf: names.appendingPathComponent(file)),
        let stands = try? JSONDecoder().decode(Name.self, from: data)
      else { return nil }
      return source(name, stands.sha256)
    }
  }

  private func source(_ name: String, _ sha256: String) -> DatasetSource? {
    let object = objects.appendingPathComponent(sha256)
    guard let data = try? Data(contentsOf: object.appendingPathComponent("manifest.json")),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: data),
      let format = DatasetFormats.named(manifest.format), let scaling = FeatureScaling(rawValue: manifest.scaling)
    else { return nil }
    let files = manifest.files.enumerated().map { index, name in
      DatasetFile(path: object.appendingPathComponent("\(index)").path, name: name)
    }
    return DatasetSource(name: name, format: format, files: files, scaling: scaling)
  }

  /// Puts files that were validated under a name; moves them from their place.
  func put(
    _ name: String, sha256: String, format: any DatasetFormat.Type, scaling: FeatureScaling, files: [DatasetFile]
  ) throws -> DatasetSource {
    let object = objects.appendingPathComponent(sha256)
    if !FileManager.default.fileExists(atPath: object.path) {
      let made = URL(fileURLWithPath: try stage())
      for (index, file) in files.enumerated() {
        let target = made.appendingPathComponent("\(index)").path
        try FileManager.default.moveItem(atPath: file.path, toPath: target)
        try Self.synchronize(target)
      }
      let manifest = Manifest(format: format.name, scaling: scaling.rawValue, files: files.map(\.name))
      try Self.write(try JSONEncoder().encode(manifest), to: made.appendingPathComponent("manifest.json").path)
      try FileManager.default.moveItem(at: made, to: object)
      try Self.synchronize(objects.path)
    }
    try place(
      try JSONEncoder().encode(Name(sha256: sha256)), names.appendingPathComponent(name + ".json"))
    guard let source = source(name, sha256) else {
      throw DatasetError(.unreadable, "what was written cannot be read back; the disk may be failing")
    }
    return source
  }

  /// Takes a name away, and its content where no other name refers to it.
  func remove(_ name: String) throws {
    let entry = names.appendingPathComponent(name + ".json")
    guard let data = try? Data(contentsOf: entry), let stands = try? JSONDecoder().decode(Name.self, from: data) else {
      throw DatasetError(.unknownName, "there is no data set \(name) that could be deleted")
    }
    try FileManager.default.removeItem(at: entry)
    try Self.synchronize(names.path)
    let object = objects.appendingPathComponent(stands.sha256).path
    if !sources().contains(where: { $0.files.first?.path.hasPrefix(object + "/") == true }) {
      try? FileManager.default.removeItem(atPath: object)
    }
  }

  /// Writes a file aside and renames it into its place, so that a kill leaves the old content or the new.
  private func place(_ data: Data, _ target: URL) throws {
    let aside = URL(fileURLWithPath: try stage())
    defer { try? FileManager.default.removeItem(at: aside) }
    let made = aside.appendingPathComponent("made").path
    try Self.write(data, to: made)
    guard rename(made, target.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    try Self.synchronize(target.deletingLastPathComponent().path)
  }

  private static func write(_ data: Data, to path: String) throws {
    try data.write(to: URL(fileURLWithPath: path))
    try synchronize(path)
  }

  /// Waits until a file, or a folder's list of names, is on the disk.
  private static func synchronize(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw CocoaError(.fileWriteOutOfSpace) }
  }
}
