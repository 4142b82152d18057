import Digests
import Foundation

extension DatasetFile {
  /// The file's size in bytes; throws where it cannot be opened, is no regular file (a pipe would never end) or is larger
  /// than allowed.
  func checkedSize(_ limits: DatasetLimits) throws -> Int {
    let file = try opened(limits)
    close(file.descriptor)
    return file.size
  }

  /// Copies the file, as far as it is a regular one and not larger than allowed; throws what is wrong with it, or a
  /// `StorageFault` where the copy could not be written. O(size).
  public func copy(to target: String, on disk: Disk = Disk(), limits: DatasetLimits = .standard) throws {
    let source = try opened(limits)
    defer { close(source.descriptor) }
    let copy = try disk.create(target)
    var left = source.size
    // What is added meanwhile is left out.
    while left > 0 {
      let piece = try read(source.descriptor, min(left, 1 << 20))
      if piece.isEmpty { break }
      try copy.write(piece)
      left -= piece.count
    }
    try copy.close()
  }

  /// The whole file.
  func bytes(_ limits: DatasetLimits) throws -> [UInt8] {
    let source = try opened(limits)
    defer { close(source.descriptor) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.size)
    while bytes.count < source.size {
      let piece = try read(source.descriptor, min(source.size - bytes.count, 1 << 20))
      if piece.isEmpty { break }
      bytes += piece
    }
    return bytes
  }

  /// SHA-256 of the file, read a piece at a time.
  public func sha256(limits: DatasetLimits = .standard) throws -> String {
    let source = try opened(limits)
    defer { close(source.descriptor) }
    var hash = SHA256()
    while true {
      let piece = try read(source.descriptor, 1 << 20)
      if piece.isEmpty { return hash.finalize() }
      piece.withUnsafeBytes { hash.update($0) }
    }
  }

  private func opened(_ limits: DatasetLimits) throws -> (descriptor: Int32, size: Int) {
    // A pipe would keep a plain open waiting for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(errno) }
    do {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
      return (descriptor, try checkedSize(status, limits))
    } catch {
      close(descriptor)
      throw error
    }
  }

  private func checkedSize(_ status: stat, _ limits: DatasetLimits) throws -> Int {
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DatasetError(.unreadable, file: name, "this is not a regular file; a data set must lie in one")
    }
    guard Int(status.st_size) <= limits.fileBytes else {
      throw DatasetError(
        .tooLarge, file: name, "the file has \(status.st_size) bytes; at most \(limits.fileBytes) are allowed")
    }
    return Int(status.st_size)
  }

  private func read(_ descriptor: Int32, _ most: Int) throws -> [UInt8] {
    var code: Int32 = 0
    let piece = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      var got = Glibc.read(descriptor, buffer.baseAddress, most)
      while got < 0, errno == EINTR { got = Glibc.read(descriptor, buffer.baseAddress, most) }
      if got < 0 { code = errno }
      count = max(0, got)
    }
    if code != 0 { throw unreadable(code) }
    return piece
  }

  /// What an error of the system says of this file: that it is short of something, or that the file is not right.
  private func unreadable(_ code: Int32) -> any Error {
    if StorageFault.isShortage(code) { return StorageFault(code: code, .read, name) }
    return DatasetError(
      .unreadable, file: name,
      "the file cannot be read (\(StorageFault.words(code))); it must be there, whole, and readable by the service")
  }
}
