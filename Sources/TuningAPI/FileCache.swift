import Foundation
import HTTPMessages
import Promises

/// The answers with the page's files, by the path that was asked for; each holds while the file's stamp is the same.
final class FileCache: Sendable {
  /// What changes with a file's content: which file it is, how long, and when it was changed last.
  struct Stamp: Sendable, Equatable {
    private let device: UInt
    private let number: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// The stamp of the file that a path leads to; nil where it leads to no file.
    init?(ofFile path: String) {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      (device, number) = (UInt(status.st_dev), UInt(status.st_ino))
      (size, seconds, nanoseconds) = (Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  private struct Entry {
    var file: String
    var stamp: Stamp
    /// Bytes that the entry takes, about.
    var size: Int
    var response: HTTPResponse
  }

  /// The most bytes of all files.
  private static let limit = 8 << 20

  private let entries = Locked((byPath: [String: Entry](), bytes: 0))

  /// The answer with a file, if it was kept and the file is still the same.
  func find(_ path: String) -> HTTPResponse? {
    guard let entry = entries.withLock({ $0.byPath[path] }) else { return nil }
    return Stamp(ofFile: entry.file) == entry.stamp ? entry.response : nil
  }

  /// Keeps an answer; `stamp` is the file's from before it was read.
  func keep(_ response: HTTPResponse, of path: String, at file: String, _ stamp: Stamp) {
    // Two texts, and what a dictionary needs for an entry, about.
    let size = response.body.count + path.utf8.count + file.utf8.count + 500
    guard size <= Self.limit / 8 else { return }
    entries.withLock { entries in
      entries.bytes += size - (entries.byPath[path]?.size ?? 0)
      if entries.bytes > Self.limit { entries = ([:], size) }
      entries.byPath[path] = Entry(file: file, stamp: stamp, size: size, response: response)
    }
  }
}
