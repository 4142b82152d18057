import CSystem
import Foundation
import Promises

/// The right to be the only service on a database, held until released; the kernel frees it when the process dies.
///
/// It is a lock on the file itself, so that a service which knows the file by another name (a link, a mount) meets it. The
/// file's descriptor is opened before SQLite opens the file and closed after, because closing one drops the locks that
/// SQLite has on it. `FILE.lock` beside the file tells whose the lock is, and is what earlier versions locked.
final class DatabaseLock: Sendable {
  /// What has become of the file that is open.
  enum Place: Hashable {
    case inPlace
    case deleted
    case moved
    case replaced
  }

  private let path: String
  /// The open files, -1 where there is none: the database, and `FILE.lock`.
  private let descriptors: Locked<(file: Int32, holder: Int32)>
  /// Whether the file was made for this lock.
  private let isNew: Bool

  /// Takes the lock of a file, which is made, empty, where there is none.
  init(database path: String) throws(DatabaseFileError) {
    self.path = path
    var file = open(path, O_RDWR | O_CLOEXEC)
    let isMissing = file < 0 && errno == ENOENT
    if isMissing { file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
    guard file >= 0 else {
      throw DatabaseFileError("\(path) cannot be opened for writing: \(String(cString: strerror(errno))).")
    }
    isNew = isMissing
    descriptors = Locked((file, -1))
    // Some network file systems have no such locks; then the other lock has to do.
    if cairn_lock_open_file(file) != 0, errno == EAGAIN || errno == EACCES { throw inUse(Self.companion(of: path)) }
    let companion = Self.companion(of: path)
    let holder = open(companion, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard holder >= 0 else {
      let reason = String(cString: strerror(errno))
      abandon()
      throw DatabaseFileError("\(companion) cannot be made: \(reason).")
    }
    descriptors.withLock { $0.holder = holder }
    // `deinit` closes it: a second close could hit a file that another thread has opened meanwhile.
    guard cairn_lock_file(holder) == 0 else {
      abandon()
      throw inUse(companion)
    }
    let own = Array("\(getpid())\n".utf8)
    _ = ftruncate(holder, 0)
    _ = pwrite(holder, own, own.count, 0)
  }

  /// `FILE.lock` of the file's real path.
  private static func companion(of path: String) -> String {
    let resolved = realpath(path, nil).map { pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    }
    return (resolved ?? path) + ".lock"
  }

  private func inUse(_ companion: String) -> DatabaseFileError {
    // A service that knows the file by another name has written its number beside that one.
    let process = FileManager.default.contents(atPath: companion).flatMap {
      Int(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let named = process.map { $0 != Int(getpid()) && kill(pid_t($0), 0) == 0 ? " (process \($0))" : "" } ?? ""
    return DatabaseFileError("\(path) is in use by another service\(named).")
  }

  /// What has become of the file; asks the kernel, so not for threads that must not wait.
  var place: Place {
    var (ours, named) = (stat(), stat())
    guard descriptors.withLock({ $0.file >= 0 && fstat($0.file, &ours) == 0 }) else { return .inPlace }
    guard stat(path, &named) == 0 else {
      // Other errors say nothing of the file.
      guard errno == ENOENT || errno == ENOTDIR else { return .inPlace }
      return ours.st_nlink == 0 ? .deleted : .moved
    }
    return ours.st_dev == named.st_dev && ours.st_ino == named.st_ino ? .inPlace : .replaced
  }

  /// Removes a file that was made for this lock, because the start is refused.
  func abandon() {
    guard isNew, place == .inPlace else { return }
    unlink(path)
    for suffix in ["-journal", "-wal", "-shm"] { unlink(path + suffix) }
  }

  /// Gives the file free; a second call does nothing.
  func release() {
    descriptors.withLock { descriptors in
      for descriptor in [descriptors.holder, descriptors.file] where descriptor >= 0 { close(descriptor) }
      descriptors = (-1, -1)
    }
  }

  deinit { release() }
}
