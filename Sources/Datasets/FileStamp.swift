import Foundation

/// What tells whether a file is still the one that was looked at: which file it is, its size, and when it last changed.
struct FileStamp: Hashable {
  private var numbers: [Int]

  /// The file as it lies there now, or nil where there is none.
  init?(_ file: DatasetFile) {
    var status = stat()
    guard stat(file.path, &status) == 0 else { return nil }
    numbers = [
      Int(status.st_dev), Int(status.st_ino), Int(status.st_size),
      status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
  }
}
