import CSystem
import Foundation
import JSONText

/// Where trials have their folders on this machine; a folder is kept until its trial has an outcome.
struct ScratchFolders: Sendable {
  private let root: String

  /// Below `folder`, or below one of this user's own among the temporary files.
  init(_ folder: String?, temporary: String = NSTemporaryDirectory()) throws(WorkerRefusal) {
    if let folder {
      root = URL(fileURLWithPath: folder).path
      try Self.make(root, mode: 0o755)
    } else {
      root = URL(fileURLWithPath: temporary).path + "/cairn-scratch-\(geteuid())"
      try Self.make(root, mode: 0o700)
      var status = stat()
      // Others can make files there.
      guard lstat(root, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
        status.st_mode & 0o022 == 0
      else {
        throw WorkerRefusal("\(root) is not a folder of this user alone; remove it, or give a folder by --scratch.")
      }
    }
  }

  private static func make(_ folder: String, mode: Int) throws(WorkerRefusal) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch { throw WorkerRefusal("The folder \(folder) cannot be made: \(error.localizedDescription)") }
  }

  private func folder(of study: String) -> String { root + "/study-" + ServiceRequests.encoded(study) }

  /// Makes a trial's folder, or finds that of its last attempt.
  ///
  /// A folder whose last command has not ended yet is left to it; then the trial gets another.
  func open(study: String, trial: Assignment) throws(WorkerRefusal) -> TrialFolder {
    let folder = folder(of: study) + "/trial-\(trial.number)"
    for place in 1...64 {
      let path = place == 1 ? folder : "\(folder)-\(place)"
      try Self.make(path, mode: 0o755)
      guard let found = TrialFolder(path) else { continue }
      try found.prepare(trial)
      return found
    }
    throw WorkerRefusal("No folder can be had at \(folder).")
  }

  /// Removes what is left of a study that has ended, but for folders in use.
  func removeAll(of study: String) {
    let folder = folder(of: study)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      TrialFolder(folder + "/" + name)?.remove()
    }
    rmdir(folder)
  }
}

/// The folder of one trial, which is this owner's alone until it is closed.
final class TrialFolder: Sendable {
  let path: String
  /// Keeps the folder as long as it is open, in whatever process.
  let lock: Int32

  /// Takes a folder; nil where another has it, or where it has gone.
  init?(_ path: String) {
    self.path = path
    lock = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { return nil }
    var mine = stat()
    var current = stat()
    guard cairn_lock_file(lock) == 0, fstat(lock, &mine) == 0, stat(path, &current) == 0, mine.st_ino == current.st_ino
    else {
      close(lock)
      return nil
    }
  }

  deinit { close(lock) }

  var paths: TrialPaths {
    TrialPaths(scratch: path + "/scratch", parameters: path + "/parameters.json", result: path + "/result.json")
  }

  func prepare(_ trial: Assignment) throws(WorkerRefusal) {
    let paths = paths
    let text = JSONValue.object(trial.parameters).text + "\n"
    do {
      try FileManager.default.createDirectory(atPath: paths.scratch, withIntermediateDirectories: true)
      // What the last attempt wrote is no result of this one.
      if FileManager.default.fileExists(atPath: paths.result) {
        try FileManager.default.removeItem(atPath: paths.result)
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: paths.parameters))
    } catch {
      throw WorkerRefusal("The files of trial \(trial.number) cannot be written: \(error.localizedDescription)")
    }
  }

  /// The result that the command wrote; nil where it wrote none. Of one that is too long, the beginning.
  var result: [UInt8]? {
    guard let file = FileHandle(forReadingAtPath: paths.result) else { return nil }
    defer { try? file.close() }
    return [UInt8]((try? file.read(upToCount: 1 << 20)) ?? Data())
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
