import Dispatch
import Foundation
import GRDB
import Promises
import Studies

/// Whether the database takes changes: whether its file is still where it was, and how the last commit went.
///
/// Looks each second, on a queue of its own; where the last commit failed it has a small one tried, so that the trouble ends
/// by itself.
final class DatabaseWatch: Sendable {
  /// A full disk counts as such until there is that much room again, in bytes: small changes still find some.
  private static let room = 256 << 10

  private struct State {
    var place = DatabaseLock.Place.inPlace
    var failure: String?
    var isFull = false
    var told: StoreTrouble?
    var hasEnded = false
  }

  private let state = Locked(State())
  private let file: DatabaseLock
  private let path: String
  private let report: @Sendable (StoreTrouble?) -> Void
  private let queue = DispatchQueue(label: "cairn.store.watch")

  /// `report` is called when the trouble changes.
  init(file: DatabaseLock, path: String, report: @escaping @Sendable (StoreTrouble?) -> Void) {
    self.file = file
    self.path = path
    self.report = report
  }

  /// Looks from now on; `probe` has a small change tried, whose outcome is told to `committed`.
  func begin(probe: @escaping @Sendable () -> Void) {
    queue.asyncAfter(deadline: .now() + 1) { [weak self] in
      guard let self, !state.value.hasEnded else { return }
      if look() == nil, state.value.failure != nil { probe() }
      begin(probe: probe)
    }
  }

  /// Looks no more.
  func end() { state.withLock { $0.hasEnded = true } }

  /// What keeps changes from being stored; does not wait.
  var trouble: StoreTrouble? { state.value.told }

  /// Why reads could give what is another database's; does not wait.
  var foreign: StoreTrouble? { state.withLock { $0.place == .replaced ? $0.told : nil } }

  /// Looks where the file is; gives what is wrong with that.
  func look() -> StoreTrouble? {
    let found = file.place
    state.withLock { $0.place = found }
    tell()
    return sentence(found).map { StoreTrouble(sentence: $0) }
  }

  /// Looks without holding a cooperative thread; gives all that keeps changes from being stored.
  func lookNow() async -> StoreTrouble? {
    await DispatchQueue.global().value { [self] in
      _ = look()
      return trouble
    }
  }

  /// How a commit went; errors that are one caller's own are none of the store's.
  func committed(_ error: (any Error)?) {
    guard let error else {
      if state.value.isFull, isCramped { return }
      return set(nil)
    }
    guard let error = error as? DatabaseError else { return }
    switch error.resultCode {
    case .SQLITE_INTERRUPT: return
    case .SQLITE_FULL: set("The disk is full: no change can be stored.", isFull: true)
    default: set("No change can be stored: \(error.message ?? "SQLite error \(error.extendedResultCode.rawValue)").")
    }
  }

  private func set(_ new: String?, isFull: Bool = false) {
    state.withLock { ($0.failure, $0.isFull) = (new, isFull) }
    tell()
  }

  private var isCramped: Bool {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return false }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) < Self.room
  }

  private func tell() {
    let news: StoreTrouble?? = state.withLock { state in
      let now = (sentence(state.place) ?? state.failure).map { StoreTrouble(sentence: $0) }
      guard now != state.told else { return nil }
      state.told = now
      return .some(now)
    }
    if let news { report(news) }
  }

  private func sentence(_ place: DatabaseLock.Place) -> String? {
    switch place {
    case .inPlace: nil
    case .deleted: "The database \(path) was deleted while the service runs: no change can be stored."
    case .moved: "The database \(path) was moved away while the service runs: no change can be stored until it is back."
    case .replaced:
      "Another file took the place of the database \(path) while the service runs: no change can be stored until the "
        + "service is started again."
    }
  }
}
