import Foundation
import HTTPMessages
import JSONText
import Studies

/// Server-sent events (HTML Standard, section 9.2) of the changes that the journal tells.
///
/// What a reader has not taken yet stays in the journal, not in memory: while a write waits, changes of one subject go on
/// being merged, and the last is never left out.
struct EventStream: Sendable {
  let api: TuningAPI
  /// The study to follow; nil for all.
  let study: Study?
  /// Where to go on; nil begins with the current state.
  let after: Int?

  /// How many events a second may be sent.
  static let eventsPerSecond = 20.0
  /// How many events one turn sends before trials are told by their numbers alone.
  static let eventsPerTurn = 5
  /// After how many seconds without news a comment tells that the stream is alive.
  static let commentSeconds = 15.0
  /// How many entries of the journal one turn reads.
  private static let entriesPerTurn = 5000

  /// One subject with the last position that told of it.
  struct Change: Sendable, Equatable {
    enum Subject: Sendable, Hashable {
      case study(UUID, name: String)
      case trials(UUID, numbers: [Int])
      case deleted(UUID, name: String)
    }
    var subject: Subject
    var position: Int
  }

  var response: HTTPResponse {
    HTTPResponse(
      status: 200,
      headers: HTTPHeaders([
        ("Content-Type", "text/event-stream; charset=utf-8"), ("Cache-Control", "no-store"),
        ("X-Accel-Buffering", "no"),
      ]), stream: HTTPBodyStream { try await self.run($0) })
  }

  private func run(_ writer: HTTPBodyWriter) async throws {
    var position: Int
    if let after {
      position = after
      guard await writer.write(Array(": on from \(after)\n\n".utf8)) else { return }
    } else {
      guard let begun = try await begin(writer) else { return }
      position = begun
    }
    while !Task.isCancelled {
      let page = try await api.store.journal(study: study?.id, beyond: position, limit: Self.entriesPerTurn)
      if position < page.floor || position > page.position {
        // What lies between is not kept any more, or never was here: the reader has to begin anew.
        position = page.position
        guard await writer.write(Self.event("reset", id: position) { $0.member("position", position) }) else { return }
        continue
      }
      guard let last = page.entries.last else {
        position = max(position, page.position)
        if await api.store.bell.wait(beyond: position, seconds: Self.commentSeconds) { continue }
        guard !Task.isCancelled, await writer.write(Array(":\n\n".utf8)) else { return }
        continue
      }
      let changes = Self.merge(page.entries)
      for change in changes {
        for bytes in try await events(of: change) {
          guard await writer.write(bytes) else { return }
        }
        if case .deleted = change.subject, study != nil { return }
      }
      position = page.entries.count < Self.entriesPerTurn ? max(last.position, page.position) : last.position
      try await Task.sleep(for: .seconds(max(1, Double(changes.count)) / Self.eventsPerSecond))
    }
  }

  /// Sends the current state; gives the position that this reflects.
  private func begin(_ writer: HTTPBodyWriter) async throws -> Int? {
    let position = try await api.store.position()
    // Their names alone: a reader that takes its time must not hold every study in memory.
    let studies = if let study { [study.id] } else { try await api.store.unfinishedStudies().map(\.id) }
    for study in studies {
      // One that was deleted meanwhile is told of by the journal.
      guard let bytes = try await studyEvent(study, id: position) else { continue }
      guard await writer.write(bytes) else { return nil }
    }
    guard studies.isEmpty else { return position }
    return await writer.write(Array(": no study is running\n\n".utf8)) ? position : nil
  }

  /// The last change of each subject, in order of positions; where they are many, trials that follow one another in one
  /// study are together.
  static func merge(_ entries: [JournalEntry]) -> [Change] {
    struct Subject: Hashable {
      var kind: JournalEntry.Kind
      var study: UUID
      var number: Int?
    }
    var seen: Set<Subject> = []
    var gone: Set<UUID> = []
    var last: [JournalEntry] = []
    for entry in entries.reversed() {
      if entry.kind == .deleted { gone.insert(entry.study) }
      // What was told of a study that is gone has nothing left to show.
      if entry.kind != .deleted, gone.contains(entry.study) { continue }
      if seen.insert(Subject(kind: entry.kind, study: entry.study, number: entry.number)).inserted {
        last.append(entry)
      }
    }
    let groups = last.count > eventsPerTurn
    var changes: [Change] = []
    for entry in last.reversed() {
      switch entry.kind {
      case .study: changes.append(Change(subject: .study(entry.study, name: entry.name), position: entry.position))
      case .deleted: changes.append(Change(subject: .deleted(entry.study, name: entry.name), position: entry.position))
      case .trial:
        let number = entry.number ?? 0
        if groups, case .trials(entry.study, let numbers)? = changes.last?.subject {
          changes[changes.count - 1] = Change(
            subject: .trials(entry.study, numbers: numbers + [number]), position: entry.position)
        } else {
          changes.append(Change(subject: .trials(entry.study, numbers: [number]), position: entry.position))
        }
      }
    }
    return changes
  }

  private func events(of change: Change) async throws -> [[UInt8]] {
    switch change.subject {
    case .study(let id, _): return try await studyEvent(id, id: change.position).map { [$0] } ?? []
    case .deleted(_, let name):
      return [Self.event("deleted", id: change.position) { $0.member("name", name) }]
    case .trials(let id, let numbers):
      if let number = numbers.first, numbers.count == 1 {
        return try await trialEvent(id, number, id: change.position).map { [$0] } ?? []
      }
      guard let study = try await api.store.study(id: id) else { return [] }
      return [
        Self.event("trials", id: change.position, study: study.name) { writer in
          writer.array("numbers", of: numbers.sorted()) { $1.integer($0) }
        }
      ]
    }
  }

  private func studyEvent(_ study: UUID, id: Int) async throws -> [UInt8]? {
    try await api.frames.frame(SharedFrames.Key(study: study, position: id)) { [api] in
      guard let study = try await api.store.study(id: study) else { return nil }
      let view = try await api.view(study)
      var writer = JSONWriter(reserving: 2048)
      view.write(to: &writer)
      return Self.frame("study", id: id, writer.bytes)
    }
  }

  private func trialEvent(_ study: UUID, _ number: Int, id: Int) async throws -> [UInt8]? {
    try await api.frames.frame(SharedFrames.Key(study: study, number: number, position: id)) { [api] in
      guard let trial = try await api.store.trial(study: study, number: number)?.value,
        let study = try await api.store.study(id: study)
      else { return nil }
      let view = TrialView(trial: trial, study: study, live: api.service.live(study.id))
      return Self.event("trial", id: id, study: study.name) { view.writeMembers(to: &$0) }
    }
  }

  private static func event(
    _ name: String, id: Int, study: String? = nil, _ members: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    var writer = JSONWriter(reserving: 512)
    writer.object { writer in
      if let study { writer.member("study", study) }
      members(&writer)
    }
    return frame(name, id: id, writer.bytes)
  }

  private static func frame(_ name: String, id: Int, _ data: [UInt8]) -> [UInt8] {
    // JSON as it is written here holds no line break, so one data line is enough.
    Array("event: \(name)\nid: \(id)\ndata: ".utf8) + data + Array("\n\n".utf8)
  }
}
