import DataFacts
import Foundation
import Promises

/// The data sets there are: the built-in ones, and those found in a folder.
///
/// Making a catalogue reads no more than the folder's names. A data set's files are examined when it is first asked for,
/// and its facts are kept for good. Its examples are read when they are first asked for, and kept while they fit the
/// cache, the least recently used going first. No file is read that was not examined as it lies there.
public final class DatasetCatalogue: Sendable {
  private struct Entry {
    var source: DatasetSource
    /// Whether it is on the shelf, and may be deleted.
    var isShelved = false
    var facts: DatasetFacts?
    /// The files as they were when they were found good.
    var stamps: [FileStamp?] = []
    /// What was wrong with the files when they had changed, and how they were then.
    var refused: (stamps: [FileStamp?], failure: DatasetError)?
    var failure: DatasetError?
  }

  private struct State {
    var entries: [String: Entry] = [:]
    /// A name's turn keeps two threads from reading the same files at once: a file that is long read holds up nobody who
    /// asks for another.
    var turns: [String: NSLock] = [:]
    var cache: LeastRecentlyUsed<String, Dataset>
  }

  // Locks are taken in the order `shelving`, turn, `state`.
  private let shelving = NSLock()
  private let state: Locked<State>
  private let limits: DatasetLimits
  private let examine: DatasetExamination.Examiner
  private let foundProblems: [DatasetProblem]
  /// Where data sets go that are brought to the service; nil where none may be.
  public let shelf: DatasetShelf?

  /// The built-in data sets and what lies in `folder`, if one is given; at most `cacheBytes` of features and labels are
  /// kept beyond their use. `examine` is the first to read any file; by default this process does.
  public init(
    folder: String?, shelf: DatasetShelf? = nil, cacheBytes: Int = 1 << 30, limits: DatasetLimits = .standard,
    examine: @escaping DatasetExamination.Examiner = { try $0.perform() }
  ) {
    self.examine = examine
    self.shelf = shelf
    self.limits = limits
    let found = folder.map(DatasetFolder.scan) ?? (sources: [], problems: [])
    let shelved = shelf?.sources() ?? (sources: [], problems: [])
    foundProblems = found.problems + shelved.problems
    var state = State(cache: LeastRecentlyUsed(limit: cacheBytes) { $0.bytes })
    for source in shelved.sources { state.entries[source.name] = Entry(source: source, isShelved: true) }
    // What lies in the folder wins, as it would have had it been there first.
    for source in DatasetSource.builtIn + found.sources { state.entries[source.name] = Entry(source: source) }
    self.state = Locked(state)
  }

  /// True for 1–64 of `a-z0-9-`.
  public static func isValidName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }

  /// Throws where a name is not valid.
  public static func checkName(_ name: String) throws {
    guard isValidName(name) else {
      throw DatasetError(.invalid, "The name \(name) is not valid; it must be 1 to 64 of a-z, 0-9 and -")
    }
  }

  /// The names of all data sets not known to be broken, ascending.
  public var names: [String] {
    state.withLock { $0.entries.values.filter { $0.failure == nil }.map(\.source.name).sorted() }
  }

  /// What was found and cannot be used; complete once every data set has been examined (`examineAll`).
  public var problems: [DatasetProblem] {
    state.withLock { state in
      foundProblems
        + state.entries.values.compactMap { entry in
          entry.failure.map { DatasetProblem(name: entry.source.name, message: $0.message) }
        }
    }
    .sorted { ($0.name, $0.message) < ($1.name, $1.message) }
  }

  /// Examines every data set that has not been examined yet, so that `problems` and later facts are ready;
  /// seconds for large files; call from a thread that may block.
  /// Gives what kept one of them from being examined, if anything.
  @discardableResult
  public func examineAll() -> StorageFault? {
    var fault: StorageFault?
    for name in names {
      do { _ = try facts(of: name) } catch { fault = fault ?? error as? StorageFault }
    }
    return fault
  }

  /// Whether `facts(of:)` answers at once; for nil, of every data set.
  public func isExamined(_ name: String?) -> Bool {
    state.withLock { state in
      let asked = name.map { [state.entries[$0]].compactMap { $0 } } ?? Array(state.entries.values)
      return asked.allSatisfy { $0.facts != nil || $0.failure != nil }
    }
  }

  /// The facts of all data sets that can be read, by name.
  public func facts() -> [DatasetFacts] { names.compactMap { try? facts(of: $0) } }

  /// A data set's facts; has its files examined where that has not been done yet.
  public func facts(of name: String) throws -> DatasetFacts {
    if let known = try entry(name).facts { return known }
    return try inTurn(name) { try proven(name) }
  }

  /// A data set with its examples; reads its files where they are not in the cache.
  public func dataset(named name: String) throws -> Dataset {
    if let dataset = try cached(name) { return dataset }
    return try inTurn(name) {
      if let dataset = try cached(name) { return dataset }
      let known = try proven(name)
      let dataset = try entry(name).source.load(limits)
      guard dataset.sha256 == known.sha256 else { throw Self.changed(known) }
      state.withLock { $0.cache.insert(dataset, for: name) }
      return dataset
    }
  }

  /// The facts of a data set whose files were found good as they lie there now; to be called in the name's turn.
  ///
  /// A `StorageFault` is not remembered: what was short may be there the next time.
  private func proven(_ name: String) throws -> DatasetFacts {
    let entry = try entry(name)
    // Before they are examined: what changes meanwhile is examined again.
    let stamps = entry.source.files.map(FileStamp.init)
    if let known = entry.facts, stamps == entry.stamps, !stamps.contains(nil) { return known }
    if let refused = entry.refused, stamps == refused.stamps { throw refused.failure }
    let found: DatasetFacts
    do {
      found = try entry.source.examination(limits).map(examine) ?? DatasetFacts(BuiltInDatasets.dataset(named: name))
    } catch let failure as DatasetError {
      // One that was good before may be good again: its files may be in the middle of being copied.
      state.withLock { state in
        if entry.facts == nil { state.entries[name]?.failure = failure }
        state.entries[name]?.refused = (stamps, failure)
      }
      throw failure
    }
    if let known = entry.facts, known.sha256 != found.sha256 { throw Self.changed(known) }
    state.withLock { state in
      state.entries[name]?.facts = found
      state.entries[name]?.stamps = stamps
    }
    return found
  }

  /// Brings in files under a name: validates them, moves them onto the shelf, and tells whether the name is new.
  ///
  /// Reads them; call from a thread that may block. Throws `DatasetError`: `nameTaken` where the name has another
  /// content, else what is wrong with the files; and `StorageFault`, where the machine does not let it happen.
  public func add(
    _ name: String, format: any DatasetFormat.Type, scaling: FeatureScaling, files: [DatasetFile]
  ) throws -> (facts: DatasetFacts, isNew: Bool) {
    guard let shelf else { preconditionFailure("a catalogue without a shelf takes no data sets") }
    try Self.checkName(name)
    if let known = try sameByOlderRules(name, format, scaling, files) { return (known, false) }
    let found: DatasetFacts
    do {
      found = try examine(
        DatasetExamination(
          name: name, format: format.name, scaling: scaling, files: files, limits: limits, rules: .current))
    } catch let error as DatasetError where error.kind == .unreadable && files.contains(where: { FileStamp($0) == nil })
    {
      throw StorageFault(code: ENOENT, .read, shelf.folder)
    }
    shelving.lock()
    defer { shelving.unlock() }
    let entry = state.withLock { $0.entries[name] }
    // What is answered for must be there: files that were taken away from the shelf are put back.
    let isGone = entry.map { $0.isShelved && $0.source.files.contains { FileStamp($0) == nil } } ?? true
    if let entry, !isGone || entry.facts.map({ $0.sha256 != found.sha256 }) ?? false {
      let existing = try facts(of: name)
      guard existing.sha256 == found.sha256 else {
        throw DatasetError.nameTaken(name)
      }
      return (existing, false)
    }
    let source = try shelf.put(name, sha256: found.sha256, format: format, scaling: scaling, files: files)
    let stamps = source.files.map(FileStamp.init)
    state.withLock { state in
      state.entries[name] = Entry(source: source, isShelved: true, facts: found, stamps: stamps)
    }
    return (found, entry == nil)
  }

  /// The data set of a name that was accepted by older rules, where these are its files.
  private func sameByOlderRules(
    _ name: String, _ format: any DatasetFormat.Type, _ scaling: FeatureScaling, _ files: [DatasetFile]
  ) throws -> DatasetFacts? {
    guard let source = state.withLock({ $0.entries[name]?.source }), source.rules != .current,
      source.files.allSatisfy({ FileStamp($0) != nil }), let known = try? facts(of: name)
    else { return nil }
    let asked = DatasetExamination(
      name: name, format: format.name, scaling: scaling, files: files, limits: limits, rules: source.rules)
    do { return try examine(asked).sha256 == known.sha256 ? known : nil } catch is DatasetError { return nil }
  }

  /// The files of a name, and how they are read; nil where there is no such name or it is built in.
  public func files(of name: String) -> (format: String, scaling: FeatureScaling, files: [DatasetFile])? {
    guard let source = state.withLock({ $0.entries[name]?.source }), let format = source.format else { return nil }
    return (format.name, source.scaling, source.files)
  }

  /// Takes a data set away that was brought in.
  public func remove(_ name: String) throws {
    shelving.lock()
    defer { shelving.unlock() }
    guard let entry = state.withLock({ $0.entries[name] }) else { throw Self.unknown(name) }
    guard entry.isShelved, let shelf else {
      let why =
        entry.source.format == nil
        ? "is built in" : "lies in the data folder, and goes when its files do and the service starts again"
      throw DatasetError(.fixed, "Data set \(name) \(why); only one that was posted can be deleted")
    }
    try inTurn(name) {
      try shelf.remove(name)
      state.withLock { state in
        state.entries[name] = nil
        state.cache.removeValue(for: name)
      }
    }
  }

  /// The data set with this content: the one of the name if it has it, else any other that can be read. Throws what is
  /// wrong with the first that should have it.
  public func dataset(sha256: String, of name: String? = nil) throws -> Dataset {
    let known = state.withLock {
      $0.entries.values.filter { $0.facts?.sha256 == sha256 }.map(\.source.name).sorted()
    }
    var failure: (any Error)?
    for candidate in [name].compactMap({ $0 }) + known.filter({ $0 != name }) {
      do {
        if try facts(of: candidate).sha256 == sha256 { return try dataset(named: candidate) }
      } catch { failure = failure ?? error }
    }
    for other in names where !known.contains(other) && (try? facts(of: other))?.sha256 == sha256 {
      return try dataset(named: other)
    }
    throw failure
      ?? DatasetError(
        .unknownName, "There is no data set with the sha256 \(sha256); its files must be in the folder")
  }

  /// How many bytes of examples the cache holds.
  var cachedBytes: Int { state.withLock { $0.cache.cost } }

  private func cached(_ name: String) throws -> Dataset? {
    _ = try entry(name)
    return state.withLock { $0.cache.value(for: name) }
  }

  /// What is known of a name; throws where that is nothing, or nothing good.
  private func entry(_ name: String) throws -> Entry {
    guard let entry = state.withLock({ $0.entries[name] }) else { throw Self.unknown(name) }
    if let failure = entry.failure { throw failure }
    return entry
  }

  /// Waits for the turn of a name that is there, and has it for the time of `body`.
  private func inTurn<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let turn = state.withLock { state in
      let turn = state.turns[name] ?? NSLock()
      state.turns[name] = turn
      return turn
    }
    turn.lock()
    defer { turn.unlock() }
    return try body()
  }

  private static func changed(_ known: DatasetFacts) -> DatasetError {
    DatasetError(
      .changed, file: known.origin,
      "data set \(known.name) changed since it was first read; put the old content back, or restart the service to use the new one"
    )
  }

  private static func unknown(_ name: String) -> DatasetError {
    DatasetError(.unknownName, "There is no data set \(name); GET /v1/datasets lists all")
  }
}
