import ExactText
import Foundation

/// One change of what is stored.
public enum StoreChange: Sendable {
  /// A new study; its name must be free.
  case insertStudy(Study)
  /// Every column of a study but its identity, name and definition.
  case updateStudy(Study)
  /// A study with all its trials, points and edits; the journal keeps that it was deleted.
  case deleteStudy(id: UUID, name: String)
  /// A new trial, with the lease it is handed out under.
  case insertTrial(Trial, lease: Lease)
  /// Every column of a trial; its lease, if any, is replaced by `lease`, or ended by nil.
  case updateTrial(Trial, lease: Lease?)
  /// The curve of a trial, replacing what stood.
  case curve(study: UUID, number: Int, curve: LearningCurve)
  /// The scores of a completed trial, added to the statistics of its point.
  case score(Trial)
  /// An evaluation for the record, which keeps the first of a key.
  case evaluation(RecordedEvaluation)
}

/// The right to run a trial.
public struct Lease: Sendable, Hashable {
  /// Its identity.
  public var id: UUID
  /// Who holds it.
  public var worker: String
  /// When it runs out; nil for the local pool, whose leases end with the process.
  public var expiresAt: Date?
  /// Makes a lease.
  public init(id: UUID = UUID(), worker: String, expiresAt: Date? = nil) {
    self.id = id
    self.worker = worker
    self.expiresAt = expiresAt
  }
}

/// A read with the journal position that it reflects (`Cairn-Event-Id`).
public struct Snapshot<Value: Sendable>: Sendable {
  /// What was read.
  public var value: Value
  /// The highest journal position at that moment.
  public var position: Int
  /// Makes a snapshot.
  public init(value: Value, position: Int) {
    self.value = value
    self.position = position
  }
}

/// One page of a list, and the key to go on after.
public struct Page<Item: Sendable, Key: Sendable>: Sendable {
  public var items: [Item]
  /// The key of the last item where more follow, else nil.
  public var next: Key?
  /// Makes a page.
  public init(items: [Item], next: Key?) {
    self.items = items
    self.next = next
  }
}

/// Which studies to list.
public struct StudyFilter: Sendable, Hashable {
  /// These states; empty means all.
  public var states: Set<StudyState> = []
  /// All of these labels.
  public var labels: [ExactText: ExactText] = [:]
  /// Labels of these names, whatever their values.
  public var labelNames: [ExactText] = []
  public var dataset: String?
  public var algorithm: String?
  /// Makes a filter that lets all through.
  public init() {}
}

/// Where a page of studies goes on: newest first, by time of creation and identity.
public struct StudyKey: Sendable, Hashable {
  public var createdAt: Date
  public var id: UUID
  /// Makes a key.
  public init(createdAt: Date, id: UUID) {
    self.createdAt = createdAt
    self.id = id
  }
}

/// Which trials to list, and in what order.
public struct TrialQuery: Sendable, Hashable {
  /// The order of a list of trials.
  public enum Order: String, Sendable, Hashable {
    /// By number, ascending.
    case number
    /// Best value first, trials without a value last, equal ones by number.
    case value
  }
  /// These states; empty means all.
  public var states: Set<TrialState> = []
  public var order: Order = .number
  /// Whether the highest number comes first (for `order` number).
  public var isDescending = false
  /// Whether larger values are better (for `order` value).
  public var maximize = true
  /// Makes a query for all trials by number.
  public init() {}
}

/// Where a page of trials goes on.
public struct TrialKey: Sendable, Hashable {
  public var number: Int
  /// The value of that trial, for `order` value; nil where it has none.
  public var value: Double?
  /// Makes a key.
  public init(number: Int, value: Double?) {
    self.number = number
    self.value = value
  }
}

/// What can go wrong in a store that a caller can tell apart.
public enum StoreError: Error, Sendable, Hashable {
  /// Another study has this name.
  case nameTaken(String)
  /// The study has a trial of this point and replicate, or of this number.
  case trialTaken
  /// No room on the disk.
  case diskFull
  /// The database is damaged; what was found.
  case corrupt(String)
  /// It takes no changes now; one sentence.
  case unavailable(String)
  /// The reader's task was cancelled, or the store closes.
  case interrupted
  /// Anything else, for the log.
  case failure(String)
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nameTaken(let name): "another study has the name \(name)"
    case .diskFull: "the disk is full"
    case .unavailable(let sentence): sentence
    case .interrupted: "the store is closing"
    case .trialTaken: "the study has a trial of this point already"
    case .corrupt(let detail): "the database is damaged: \(detail)"
    case .failure(let text): text
    }
  }
}

/// Why a store takes no changes.
public struct StoreTrouble: Sendable, Hashable {
  /// One sentence for a person.
  public var sentence: String
  /// Makes one.
  public init(sentence: String) { self.sentence = sentence }
}

/// Remembering: the port that a database implements.
///
/// A commit is atomic and durable when it returns. Every `insertStudy`, `updateStudy`, `deleteStudy`, `insertTrial` and
/// `updateTrial` writes a journal entry in the same transaction. Reads see one moment each.
public protocol StudyStore: Sendable {
  /// Stores all changes or none; gives the journal position after them.
  @discardableResult
  func commit(_ changes: [StoreChange]) async throws(StoreError) -> Int

  /// Every study that is running or paused, for a start of the service.
  func unfinishedStudies() async throws(StoreError) -> [Study]
  func study(named name: String) async throws(StoreError) -> Snapshot<Study>?
  func study(id: UUID) async throws(StoreError) -> Study?
  /// Newest first; a page ends before its texts are over `bytes`, but for its first study.
  func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>>
  /// The same without the definitions, which are not read.
  func summaries(
    _ filter: StudyFilter, after: StudyKey?, limit: Int, bytes: Int
  ) async throws(StoreError) -> Snapshot<Page<StudySummary, StudyKey>>

  func trial(study: UUID, number: Int) async throws(StoreError) -> Snapshot<Trial>?
  func trials(
    study: UUID, _ query: TrialQuery, after: TrialKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Trial, TrialKey>>
  /// The next `limit` trials beyond a number, of these states (none: of all), in order of number, as they are stored; nil
  /// where the study is not there.
  func trialRows(
    study: UUID, states: Set<TrialState>, beyond number: Int, limit: Int
  ) async throws(StoreError) -> TrialRows?
  /// The curves of those trials that there are, by number; one that has none yet is empty.
  func curves(study: UUID, numbers: [Int]) async throws(StoreError) -> Snapshot<[Int: LearningCurve]>
  /// Counts over all studies.
  func totals() async throws(StoreError) -> StudyTotals
  /// The curve of a trial, steps ascending.
  func curve(study: UUID, number: Int) async throws(StoreError) -> LearningCurve
  /// The best points: best mean first, equal ones by validation loss (smaller first), then by first trial.
  ///
  /// Of each, the first `BestPoint.mostTrials` trials.
  func bestPoints(study: UUID, maximize: Bool, count: Int) async throws(StoreError) -> Snapshot<[BestPoint]>
  /// The best point of each of these studies that has one, by their goals.
  func leaders(of studies: [UUID]) async throws(StoreError) -> [UUID: BestPoint]

  /// What the record has of these evaluations.
  func evaluations(_ keys: [EvaluationKey]) async throws(StoreError) -> [EvaluationKey: RecordedEvaluation]

  /// The highest journal position.
  func position() async throws(StoreError) -> Int
  /// The journal's entries beyond a position, of one study or of all.
  func journal(study: UUID?, beyond position: Int, limit: Int) async throws(StoreError) -> JournalPage
  /// Rings after each commit that wrote to the journal.
  var bell: JournalBell { get }
  /// Why no change can be stored now; nil while there is no such reason. Does not wait.
  var trouble: StoreTrouble? { get }
}

extension StudyStore {
  public var trouble: StoreTrouble? { nil }
}

extension StudyStore {
  /// How many bytes of texts a page of studies has at most.
  public static var pageBytes: Int { 4 << 20 }

  /// Newest first, a page of usual size.
  public func studies(
    _ filter: StudyFilter, after: StudyKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<Study, StudyKey>> {
    try await studies(filter, after: after, limit: limit, bytes: Self.pageBytes)
  }

  /// Newest first and without definitions, a page of usual size.
  public func summaries(
    _ filter: StudyFilter, after: StudyKey?, limit: Int
  ) async throws(StoreError) -> Snapshot<Page<StudySummary, StudyKey>> {
    try await summaries(filter, after: after, limit: limit, bytes: Self.pageBytes)
  }
}
