import Datasets
import Fetching
import Foundation
import Logging
import Promises

/// Fetches data sets and brings them in, each on a thread of its own, some at a time.
final class ImportJobs: Sendable {
  /// How many are fetched at once; more wait.
  private static let most = 4
  /// How many starts without an orderly end an import may have before it is given up: its files may be what kills the service.
  private static let mostStarts = 3

  private struct Job {
    var record: DatasetImport
    /// No two jobs have the same, also where one took the other's name.
    let control = FetchControl()
    var name: String { record.name }
  }

  private struct State {
    var jobs: [String: Job] = [:]
    var waiting: [(name: String, control: FetchControl)] = []
    var threads = 0
    var isStopping = false

    /// The job of a name where it is still the one that has `control`.
    func job(_ name: String, _ control: FetchControl) -> Job? {
      jobs[name].flatMap { $0.control === control ? $0 : nil }
    }
  }

  private let shelf: DatasetShelf
  private let fetcher: Fetcher
  private let bring: @Sendable (DatasetImport, _ files: [DatasetFile], FetchControl) throws -> Void
  private let logger: Logger
  private let state: Locked<State>

  /// Takes up what an earlier service left. `bring` validates files and moves them onto the shelf; it may wait.
  init(
    shelf: DatasetShelf, fetcher: Fetcher, logger: Logger,
    bring: @escaping @Sendable (DatasetImport, _ files: [DatasetFile], FetchControl) throws -> Void
  ) {
    self.shelf = shelf
    self.fetcher = fetcher
    self.bring = bring
    self.logger = logger
    var state = State()
    for record in shelf.unfinishedImports() { state.jobs[record.name] = Job(record: record) }
    self.state = Locked(state)
  }

  /// Goes on with what an earlier service did not end; from the beginning of each.
  func resume() {
    state.withLock { state in
      for (name, job) in state.jobs.sorted(by: { $0.key < $1.key }) where job.record.state == .importing {
        logger.notice("import of data set \(name): resumed")
        do throws(StorageFault) { try enqueue(job, &state) } catch { fail(job, error.message, &state) }
      }
    }
  }

  /// Every import that is not done, with the bytes received.
  var all: [(record: DatasetImport, receivedBytes: Int)] {
    state.withLock { $0.jobs.values.map { ($0.record, $0.control.receivedBytes) } }
  }

  /// The import of a name.
  func find(_ name: String) -> (record: DatasetImport, receivedBytes: Int)? {
    state.withLock { $0.jobs[name].map { ($0.record, $0.control.receivedBytes) } }
  }

  /// Begins an import, in place of one that failed under its name.
  func begin(_ record: DatasetImport) throws {
    try state.withLock { state in
      try shelf.keep(record)
      let job = Job(record: record)
      do throws(StorageFault) { try enqueue(job, &state) } catch {
        try shelf.forgetImport(record.name)
        throw error
      }
      state.jobs[record.name] = job
    }
  }

  /// Ends an import and forgets it; false where there is none. It continues where the disk does not let it be forgotten.
  func remove(_ name: String) throws(StorageFault) -> Bool {
    try state.withLock { state throws(StorageFault) in
      guard let job = state.jobs[name] else { return false }
      try shelf.forgetImport(name)
      state.jobs[name] = nil
      job.control.cancel()
      return true
    }
  }

  /// Breaks off what is being fetched, to be taken up at the next start; returns when that is done, or after `seconds`.
  func stop(within seconds: Double) async {
    state.withLock { state in
      state.isStopping = true
      state.waiting = []
      for job in state.jobs.values { job.control.cancel() }
    }
    let end = SuspendingClock.now + .seconds(seconds)
    while state.value.threads > 0, SuspendingClock.now < end {
      try? await Task.sleep(for: .milliseconds(10), clock: SuspendingClock())
    }
  }

  private func enqueue(_ job: Job, _ state: inout State) throws(StorageFault) {
    guard !state.isStopping else { return }
    if state.threads < Self.most {
      let code = WaitingThread.start { [self] in work() }
      if code == 0 {
        state.threads += 1
      } else if state.threads == 0 {
        throw StorageFault(code: code, .run, "A thread to fetch data sets")
      }
    }
    state.waiting.append((job.name, job.control))
  }

  private func work() {
    while let (name, control) = state.withLock({ $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }) {
      run(name, control)
    }
    state.withLock { $0.threads -= 1 }
  }

  private func run(_ name: String, _ control: FetchControl) {
    guard let record = begun(name, control) else { return }
    let failure: String?
    do {
      try fetch(record, control)
      failure = nil
    } catch {
      failure = Self.sentence(error)
    }
    state.withLock { state in
      // One that was removed is not known any more, and one that was begun anew is another.
      guard var job = state.job(name, control) else { return }
      if let failure {
        guard state.isStopping, control.isCancelled else { return fail(job, failure, &state) }
        job.record.starts = 0
        store(job, &state)
      } else {
        state.jobs[name] = nil
        // One that is remembered for longer is found to be there already when it is taken up again.
        try? shelf.forgetImport(name)
      }
    }
  }

  /// Counts a start; nil where the job is not wanted any more, or was started too often.
  private func begun(_ name: String, _ control: FetchControl) -> DatasetImport? {
    state.withLock { state in
      guard var job = state.job(name, control), !control.isCancelled else { return nil }
      guard job.record.starts < Self.mostStarts else {
        fail(
          job, "The service died \(Self.mostStarts) times while this was being imported; delete it, or post it again.",
          &state)
        return nil
      }
      job.record.starts += 1
      store(job, &state)
      return job.record
    }
  }

  private func fail(_ job: Job, _ detail: String, _ state: inout State) {
    logger.warning("import of data set \(job.name): \(detail)")
    var job = job
    job.record.state = .failed
    job.record.detail = detail
    store(job, &state)
  }

  /// Changes what is known of a job, and what the next service will know, where the disk allows that.
  private func store(_ job: Job, _ state: inout State) {
    state.jobs[job.name] = job
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
