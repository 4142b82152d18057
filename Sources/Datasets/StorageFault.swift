import Foundation

/// What the machine did not let happen, so that no data set and no caller is to blame; the same may succeed later.
public struct StorageFault: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  /// What was tried.
  public enum Action: String, Sendable, Hashable, Codable {
    case read, write, remove, run
  }

  /// The system's number of the error (`errno`).
  public var code: Int32
  /// What was tried.
  public var action: Action
  /// The file or folder, or what could not be run.
  public var subject: String

  /// Makes a fault of a system's error.
  public init(code: Int32, _ action: Action, _ subject: String) {
    self.code = code
    self.action = action
    self.subject = subject
  }

  /// Whether it is for want of something that others give back: memory, open files, processes.
  public var isShortage: Bool { Self.isShortage(code) }

  static func isShortage(_ code: Int32) -> Bool { [EMFILE, ENFILE, EAGAIN, ENOMEM, ENOBUFS].contains(code) }

  /// One sentence for a person: what could not be done to what, why, and what would help.
  public var message: String {
    let verb =
      switch action {
      case .read: "cannot be read"
      case .write: "cannot be written"
      case .remove: "cannot be removed"
      case .run: "cannot be started"
      }
    return "\(subject) \(verb): \(reason)."
  }

  private var reason: String {
    switch code {
    case ENOSPC: "the disk is full; make room and try again"
    case EDQUOT: "the disk quota is used up; make room and try again"
    case EROFS: "the file system is read-only; make it writable and try again"
    case EACCES, EPERM: "the service has no permission; give it that and try again"
    case ENOENT, ENOTDIR, ELOOP: "it, or the folder it lies in, is not there any more"
    case EMFILE, ENFILE: "too many files are open; try again"
    case EAGAIN, ENOMEM, ENOBUFS: "the machine is short of memory or processes; try again"
    default: Self.words(code)
    }
  }

  /// The system's own words for an error.
  static func words(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// The message.
  public var description: String { message }
}
