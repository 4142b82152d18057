import CSystem
import Foundation

/// Why a database file was refused; one plain sentence. The file is as it was.
public struct DatabaseFileError: Error, Sendable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

/// Looks at a file before SQLite does, because opening alone can change a foreign file and those beside it.
///
/// Every connection of this process must be closed when this runs: closing any descriptor on a file drops SQLite's own
/// locks on it (POSIX locks belong to the process).
enum DatabaseFile {
  /// "CARN": whose file it is (`PRAGMA application_id`).
  static let applicationID: Int32 = 0x4341_524E

  /// What the first 100 bytes say.
  enum Kind: Equatable {
    case absent
    case empty
    case ours(version: Int)
  }

  /// Finds out what a file is, without changing it.
  static func inspect(_ path: String, newest: Int) throws(DatabaseFileError) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw reason(path) }
      let folder = (path as NSString).deletingLastPathComponent
      var folderStatus = stat()
      guard stat(folder.isEmpty ? "." : folder, &folderStatus) == 0, folderStatus.st_mode & S_IFMT == S_IFDIR else {
        throw DatabaseFileError("The database \(path) cannot be made: there is no folder \(folder).")
      }
      return .absent
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DatabaseFileError("\(path) is not a file; --database should name the SQLite file that keeps everything.")
    }
    if status.st_size == 0 { return .empty }
    let header = try readHeader(path)
    guard header.count == 100, header.prefix(16).elementsEqual("SQLite format 3\0".utf8) else {
      throw DatabaseFileError("\(path) is not a SQLite database; it was left as it is.")
    }
    func word(_ offset: Int) -> UInt32 { header[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    guard word(68) == UInt32(bitPattern: applicationID) else {
      throw DatabaseFileError("\(path) is a database of another program; it was left as it is.")
    }
    let version = Int(word(60))
    guard version <= newest else {
      throw DatabaseFileError(
        "\(path) was written by a newer version of Cairn (schema \(version), this one knows \(newest)); "
          + "it was left as it is.")
    }
    return .ours(version: version)
  }

  private static func readHeader(_ path: String) throws(DatabaseFileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw reason(path) }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: 100)
    let count = pread(descriptor, &header, 100, 0)
    return Array(header.prefix(max(0, count)))
  }

  static func reason(_ path: String) -> DatabaseFileError {
    DatabaseFileError("\(path) cannot be read: \(String(cString: strerror(errno))).")
  }
}
