import Foundation

/// Data sets that were brought to the service, kept in a folder of its own under the hash of their content.
///
/// `objects/HASH` holds the files of a content and how they are read; `names/NAME.json` says which content a name has.
/// Both are made aside and renamed into place, so that a kill leaves a data set whole or not there. Whatever the disk
/// refuses is a `StorageFault`; nothing half made is left, and a folder that was taken away is made again.
public final class DatasetShelf: Sendable {
  /// How the files of a content are read.
  private struct Manifest: Codable {
    var format: String
    var scaling: String
    var files: [String]
    /// Of what was accepted before there were others, the first.
    var rules: ReadingRules?
  }

  private struct Name: Codable {
    var sha256: String
  }

  /// The disk that holds the shelf.
  public let disk: Disk
  let folder: String

  /// Opens a shelf, or makes it; what an earlier service left unfinished is taken away. A disk that is full, or that
  /// nothing can be written to, still has what is there.
  public init(folder: String, disk: Disk = Disk()) throws(StorageFault) {
    self.folder = folder
    self.disk = disk
    clear()
    do throws(StorageFault) {
      for part in [objects, names, staging, imports] { try make(part) }
    } catch {
      guard [ENOSPC, EDQUOT, EROFS].contains(error.code) else { throw error }
    }
  }

  private var objects: String { folder + "/objects" }
  private var names: String { folder + "/names" }
  private var staging: String { folder + "/incoming" }
  var imports: String { folder + "/imports" }

  private func object(_ sha256: String) -> String { objects + "/" + sha256 }
  private func entry(_ name: String) -> String { names + "/\(name).json" }

  /// Makes a folder of the shelf, and the shelf itself, where they are missing; not the folder around it.
  func make(_ part: String) throws(StorageFault) {
    var status = stat()
    if stat(folder, &status) != 0 { try disk.makeFolder(folder) }
    try disk.makeFolder(part)
  }

  /// Takes away what is on its way in; for the end of a service, when nothing comes in any more.
  public func clear() { discard(staging) }

  /// A new folder for files on their way in; the caller discards it.
  public func stage() throws(StorageFault) -> String {
    try make(staging)
    let path = staging + "/" + UUID().uuidString
    try disk.makeFolder(path)
    return path
  }

  /// Takes away a folder that `stage` made, with all in it.
  public func discard(_ stage: String) { try? FileManager.default.removeItem(atPath: stage) }

  // MARK: Data sets

  /// Every data set on the shelf, and what is on it and cannot be read.
  func sources() -> (sources: [DatasetSource], problems: [DatasetProblem]) {
    var found: [DatasetSource] = []
    var problems: [DatasetProblem] = []
    do {
      for file in try disk.names(in: names) where file.hasSuffix(".json") {
        let name = String(file.dropLast(".json".count))
        do { found.append(try source(name, try sha256(of: name))) } catch {
          let reason = (error as? StorageFault)?.message ?? "\(entry(name)), or what it names, is damaged."
          problems.append(
            DatasetProblem(name: name, message: "It was added earlier, and cannot be read now: \(reason)"))
        }
      }
    } catch {
      if error.code != ENOENT { problems.append(DatasetProblem(name: "of the shelf", message: error.message)) }
    }
    return (found, problems)
  }

  private struct Damaged: Error {}

  private func sha256(of name: String) throws -> String {
    try decode(Name.self, entry(name)).sha256
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
    let bytes = try disk.contents(of: path)
    guard let value = try? JSONDecoder().decode(type, from: Data(bytes)) else { throw Damaged() }
    return value
  }

  private func source(_ name: String, _ sha256: String) throws -> DatasetSource {
    let object = object(sha256)
    let manifest = try decode(Manifest.self, object + "/manifest.json")
    guard let format = DatasetFormats.named(manifest.format), let scaling = FeatureScaling(rawValue: manifest.scaling)
    else { throw Damaged() }
    let files = manifest.files.enumerated().map { index, name in DatasetFile(path: object + "/\(index)", name: name) }
    return DatasetSource(
      name: name, format: format, files: files, scaling: scaling, rules: manifest.rules ?? .first)
  }

  /// Puts files that were validated under a name; moves them from their place.
  func put(
    _ name: String, sha256: String, format: any DatasetFormat.Type, scaling: FeatureScaling, files: [DatasetFile]
  ) throws -> DatasetSource {
    let (isNew, isNamed) = (!isWhole(sha256), FileStamp(DatasetFile(path: entry(name))) != nil)
    do {
      if isNew { try make(sha256, format, scaling, files) }
      try place(try JSONEncoder().encode(Name(sha256: sha256)), entry(name))
      return try source(name, sha256)
    } catch {
      // What is refused must not come back at the next start, nor keep room that a full disk has not got.
      if !isNamed { try? disk.remove(entry(name)) }
      if isNew, !self.isNamed(sha256) { takeAway(object(sha256)) }
      throw error is Damaged ? StorageFault(code: EIO, .read, object(sha256)) : error
    }
  }

  private func make(
    _ sha256: String, _ format: any DatasetFormat.Type, _ scaling: FeatureScaling, _ files: [DatasetFile]
  ) throws {
    let made = try stage()
    defer { discard(made) }
    for (index, file) in files.enumerated() {
      let target = made + "/\(index)"
      try disk.move(file.path, to: target)
      try disk.synchronize(target)
    }
    let manifest = Manifest(format: format.name, scaling: scaling.rawValue, files: files.map(\.name), rules: .current)
    try disk.write(Array(try JSONEncoder().encode(manifest)), to: made + "/manifest.json")
    try disk.synchronize(made)
    try make(objects)
    // One that is not whole was left by a service that was killed while it took it away.
    takeAway(object(sha256))
    try disk.move(made, to: object(sha256))
    try disk.synchronize(objects)
  }

  /// Whether a content is there with all of its files.
  private func isWhole(_ sha256: String) -> Bool {
    guard let source = try? source("", sha256) else { return false }
    return source.files.allSatisfy { FileStamp($0) != nil }
  }

  /// Whether a name refers to a content, or may do so: one that cannot be read counts.
  private func isNamed(_ sha256: String) -> Bool {
    let all: [String]
    do throws(StorageFault) { all = try disk.names(in: names) } catch { return error.code != ENOENT }
    return all.contains { file in
      guard file.hasSuffix(".json") else { return false }
      do { return try self.sha256(of: String(file.dropLast(".json".count))) == sha256 } catch {
        return (error as? StorageFault)?.code != ENOENT
      }
    }
  }

  /// Takes a folder away: moves it aside at once, so that a kill leaves it whole or not there; where a full disk does not
  /// let that be, what a kill leaves is seen not to be whole.
  private func takeAway(_ path: String) {
    guard let aside = try? stage() else { return discard(path) }
    defer { discard(aside) }
    do { try disk.move(path, to: aside + "/gone") } catch { discard(path) }
  }

  /// Takes a name away, and its content where no other name refers to it. A name that is away already will do.
  func remove(_ name: String) throws(StorageFault) {
    let sha256: String?
    do { sha256 = try self.sha256(of: name) } catch {
      if let fault = error as? StorageFault, fault.code != ENOENT { throw fault }
      sha256 = nil
    }
    try removeEntry(entry(name))
    if let sha256, !isNamed(sha256) { takeAway(object(sha256)) }
  }

  /// Takes away a file of a folder of the shelf, for good once this returns.
  func removeEntry(_ path: String) throws(StorageFault) {
    try disk.remove(path)
    do throws(StorageFault) { try disk.synchronize(Self.parent(of: path)) } catch {
      if error.code != ENOENT { throw error }
    }
  }

  /// Writes a file aside and renames it into its place, so that a kill leaves the old content or the new.
  func place(_ data: Data, _ target: String) throws(StorageFault) {
    let aside = try stage()
    defer { discard(aside) }
    let folder = Self.parent(of: target)
    try make(folder)
    try disk.write(Array(data), to: aside + "/made")
    try disk.move(aside + "/made", to: target)
    try disk.synchronize(folder)
  }

  private static func parent(of path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]) }
}
