import Foundation

/// The calls that change or read files of the shelf, each with what the system says where it fails.
///
/// Every one goes through `refusal` first, by which a test makes it fail as a disk would.
public struct Disk: Sendable {
  /// A call to the system.
  public enum Call: String, Sendable, CaseIterable {
    case list, read, makeFolder, create, write, synchronize, close, move, remove
  }

  private let refusal: (@Sendable (Call, _ path: String) -> Int32?)?

  /// The disk as it is, or one that refuses calls with an error's number.
  public init(refusing refusal: (@Sendable (Call, _ path: String) -> Int32?)? = nil) { self.refusal = refusal }

  /// Calls the system, again where a signal came in between; -1 is a failure.
  @discardableResult
  fileprivate func attempt<Number: SignedInteger>(
    _ call: Call, _ action: StorageFault.Action, _ path: String, _ body: () -> Number
  ) throws(StorageFault) -> Number {
    if let code = refusal?(call, path) { throw StorageFault(code: code, action, path) }
    while true {
      let result = body()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw StorageFault(code: code, action, path) }
    }
  }

  /// The names in a folder, ascending.
  func names(in folder: String) throws(StorageFault) -> [String] {
    if let code = refusal?(.list, folder) { throw StorageFault(code: code, .read, folder) }
    guard let stream = opendir(folder) else { throw StorageFault(code: errno, .read, folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw StorageFault(code: errno, .read, folder) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  /// The bytes of a small file.
  func contents(of path: String) throws(StorageFault) -> [UInt8] {
    let descriptor = try attempt(.read, .read, path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { Glibc.close(descriptor) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = try attempt(.read, .read, path) { read(descriptor, &buffer, buffer.count) }
      if count == 0 { return all }
      all += buffer[..<count]
    }
  }

  /// Makes a folder in one that is there; one that exists will do.
  func makeFolder(_ path: String) throws(StorageFault) {
    do throws(StorageFault) { try attempt(.makeFolder, .write, path) { mkdir(path, 0o777) } } catch {
      var status = stat()
      guard error.code == EEXIST, stat(path, &status) == 0 else { throw error }
      guard status.st_mode & S_IFMT == S_IFDIR else { throw StorageFault(code: ENOTDIR, .write, path) }
    }
  }

  /// Begins a file where there is none.
  public func create(_ path: String) throws(StorageFault) -> NewFile {
    let descriptor = try attempt(.create, .write, path) { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    return NewFile(self, path, descriptor)
  }

  /// Writes a file where there is none, down to the disk.
  func write(_ bytes: [UInt8], to path: String) throws(StorageFault) {
    let file = try create(path)
    try file.write(bytes)
    try file.close()
    try synchronize(path)
  }

  /// Waits until a file, or a folder's list of names, is on the disk.
  func synchronize(_ path: String) throws(StorageFault) {
    let descriptor = try attempt(.synchronize, .write, path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { Glibc.close(descriptor) }
    try attempt(.synchronize, .write, path) { fsync(descriptor) }
  }

  /// Renames a file or folder, over a file that is there.
  func move(_ path: String, to target: String) throws(StorageFault) {
    try attempt(.move, .write, target) { rename(path, target) }
  }

  /// Takes a file away; one that is not there is away already.
  func remove(_ path: String) throws(StorageFault) {
    do throws(StorageFault) { try attempt(.remove, .remove, path) { unlink(path) } } catch {
      if error.code != ENOENT { throw error }
    }
  }
}

/// A file that is being written; the one who made it uses it, and nobody else.
public final class NewFile {
  private let disk: Disk
  private let path: String
  private var descriptor: Int32

  fileprivate init(_ disk: Disk, _ path: String, _ descriptor: Int32) {
    self.disk = disk
    self.path = path
    self.descriptor = descriptor
  }

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  /// Writes all of some bytes.
  public func write(_ bytes: [UInt8]) throws(StorageFault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = try disk.attempt(.write, .write, path) {
        rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Ends the file; some file systems say only now that it does not fit.
  public func close() throws(StorageFault) {
    let open = descriptor
    descriptor = -1
    guard open >= 0 else { return }
    // The descriptor is gone whatever is answered, so that it is not tried again.
    let result = Glibc.close(open)
    let code = result < 0 ? errno : 0
    try disk.attempt(.close, .write, path) {
      errno = code
      return code == EINTR ? 0 : result
    }
  }
}
