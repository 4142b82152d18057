import Datasets
import Fetching
import Foundation
import Logging

/// Fetches data sets and brings them in, each on a thread of its own, some at a time.
///
/// `@unchecked Sendable`: every variable, those of a job too, is read and written under the lock alone.
final class ImportJobs: @unchecked Sendable {
  /// How many are fetched at once; more wait.
  private static let most = 4
  /// How many starts without an orderly end an import may have before it is given up: its files may be what kills the service.
  private static let mostStarts = 3

  private final class Job {
    var record: DatasetImport
    let control = FetchControl()
    init(_ record: DatasetImport) { self.record = record }
  }

  private let shelf: DatasetShelf
  private let fetcher: Fetcher
  private let bring: @Sendable (DatasetImport, _ files: [DatasetFile], FetchControl) throws -> Void
  private let logger: Logger
  private let lock = NSLock()
  private var jobs: [String: Job] = [:]
  private var waiting: [Job] = []
  private var threads = 0
  private var isStopping = false

  /// Takes up what an earlier service left. `bring` validates files and moves them onto the shelf; it may wait.
  init(
    shelf: DatasetShelf, fetcher: Fetcher, logger: Logger,
    bring: @escaping @Sendable (DatasetImport, _ files: [DatasetFile], FetchControl) throws -> Void
  ) {
    self.shelf = shelf
    self.fetcher = fetcher
    self.bring = bring
    self.logger = logger
    for record in shelf.unfinishedImports() { jobs[record.name] = Job(record) }
  }

  /// Goes on with what an earlier service did not end; from the beginning of each.
  func resume() {
    lock.withLock {
      for (name, job) in jobs.sorted(by: { $0.key < $1.key }) where job.record.state == .importing {
        logger.notice("import of data set \(name): resumed")
        do throws(StorageFault) { try enqueue(job) } catch { fail(job, error.message) }
      }
    }
  }

  /// Every import that is not done, with the bytes received.
  var all: [(record: DatasetImport, receivedBytes: Int)] {
    lock.withLock { jobs.values.map { ($0.record, $0.control.receivedBytes) } }
  }

  /// The import of a name.
  func find(_ name: String) -> (record: DatasetImport, receivedBytes: Int)? {
    lock.withLock { jobs[name].map { ($0.record, $0.control.receivedBytes) } }
  }

  /// Begins an import, in place of one that failed under its name.
  func begin(_ record: DatasetImport) throws {
    try lock.withLock {
      try shelf.keep(record)
      let job = Job(record)
      do throws(StorageFault) { try enqueue(job) } catch {
        try shelf.forgetImport(record.name)
        throw error
      }
      jobs[record.name] = job
    }
  }

  /// Ends an import and forgets it; false where there is none. It continues where the disk does not let it be forgotten.
  func remove(_ name: String) throws(StorageFault) -> Bool {
    let removed: Result<Bool, StorageFault> = lock.withLock {
      guard let job = jobs[name] else { return .success(false) }
      do throws(StorageFault) { try shelf.forgetImport(name) } catch { return .failure(error) }
      jobs[name] = nil
      job.control.cancel()
      return .success(true)
    }
    return try removed.get()
  }

  /// Breaks off what is being fetched, to be taken up at the next start; returns when that is done, or after `seconds`.
  func stop(within seconds: Double) async {
    lock.withLock {
      isStopping = true
      waiting = []
      for job in jobs.values { job.control.cancel() }
    }
    let end = SuspendingClock.now + .seconds(seconds)
    while lock.withLock({ threads > 0 }), SuspendingClock.now < end {
      try? await Task.sleep(for: .milliseconds(10), clock: SuspendingClock())
    }
  }

  /// To be called while the lock is held.
  private func enqueue(_ job: Job) throws(StorageFault) {
    guard !isStopping else { return }
    if threads < Self.most {
      let code = WaitingThread.start { [self] in work() }
      if code == 0 {
        threads += 1
      } else if threads == 0 {
        throw StorageFault(code: code, .run, "A thread to fetch data sets")
      }
    }
    waiting.append(job)
  }

  private func work() {
    while let job = lock.withLock({ waiting.isEmpty ? nil : waiting.removeFirst() }) { run(job) }
    lock.withLock { threads -= 1 }
  }

  private func run(_ job: Job) {
    guard let record = begun(job) else { return }
    let failure: String?
    do {
      try fetch(record, job.control)
      failure = nil
    } catch {
      failure = Self.sentence(error)
    }
    lock.withLock {
      // One that was removed is not known any more, and one that was begun anew is another.
      guard jobs[record.name] === job else { return }
      if failure == nil {
        jobs[record.name] = nil
        // One that is remembered for longer is found to be there already when it is taken up again.
        try? shelf.forgetImport(record.name)
      } else if isStopping, job.control.isCancelled {
        job.record.starts = 0
        try? shelf.keep(job.record)
      } else {
        fail(job, failure ?? "")
      }
    }
  }

  /// Counts a start; nil where the job is not wanted any more, or was started too often.
  private func begun(_ job: Job) -> DatasetImport? {
    lock.withLock {
      guard jobs[job.record.name] === job, !job.control.isCancelled else { return nil }
      guard job.record.starts < Self.mostStarts else {
        fail(
          job, "The service died \(Self.mostStarts) times while this was being imported; delete it, or post it again.")
        return nil
      }
      job.record.starts += 1
      try? shelf.keep(job.record)
      return job.record
    }
  }

  /// To be called while the lock is held.
  private func fail(_ job: Job, _ detail: String) {
    logger.warning("import of data set \(job.record.name): \(detail)")
    job.record.state = .failed
    job.record.detail = detail
    try? shelf.keep(job.record)
  }

  private func fetch(_ record: DatasetImport, _ control: FetchControl) throws {
    let folder = try shelf.stage()
    defer { shelf.discard(folder) }
    var files: [DatasetFile] = []
    for (index, source) in record.sources.enumerated() {
      let path = folder + "/\(index)"
      switch source {
      case .file(let from, _):
        try DatasetFile(path: from, name: source.name).copy(to: path, on: shelf.disk)
      case .url(let url, let sha256):
        do throws(FetchError) {
          try fetcher.fetch(url, to: path, sha256: sha256, control: control)
        } catch { throw FileFailure(name: source.name, reason: error.description) }
      }
      files.append(DatasetFile(path: path, name: source.name))
    }
    try bring(record, files, control)
  }

  private struct FileFailure: Error {
    var name: String
    var reason: String
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case let error as FileFailure: "\(error.name): \(error.reason)."
    case let error as DatasetError: error.message
    case let error as StorageFault: error.message
    default: "It could not be added: \(error.localizedDescription)"
    }
  }
}
