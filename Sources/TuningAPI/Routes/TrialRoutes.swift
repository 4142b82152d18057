import Foundation
import HTTPMessages
import JSONText
import Studies

/// The trials of a study.
extension TuningAPI {
  var trialRoutes: [Route] {
    [
      Route("/v1/studies/{name}/trials", ["GET": listTrials]),
      Route("/v1/studies/{name}/trials/{number}", ["GET": getTrial]),
      Route("/v1/studies/{name}/trials.csv", ["GET": trialsAsCSV]),
    ]
  }

  @Sendable private func listTrials(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let query = try Query(request.http, known: ["state", "order", "limit", "after"])
    let study = try await study(request).value
    var trials = TrialQuery()
    trials.states = try query.list("state", of: TrialState.self)
    trials.maximize = study.resolved.goal == .maximize
    if let order = query["order"] {
      guard let order = TrialQuery.Order(rawValue: order) else {
        throw .badQuery("order", "order is \"\(order)\"; it should be number or value.")
      }
      trials.order = order
    }
    let limit = try query.integer("limit", in: 1...1000, default: 100)
    let filters = JSONValue.array([
      .string("trials"), .string(study.id.uuidString),
      .array(trials.states.map(\.rawValue).sorted().map { .string($0) }),
      .string(trials.order.rawValue),
    ]).canonicalText
    var after: TrialKey?
    if let key = try Cursor.key(query, filters: filters) {
      guard key.count == 2, let number = key[0].integerValue else {
        throw .badQuery("after", "after is not a cursor of this list; take `next` of the previous page.")
      }
      after = TrialKey(number: number, value: key[1].numberValue)
    }
    let found = try await read { () async throws(StoreError) in
      try await store.trials(study: study.id, trials, after: after, limit: limit)
    }
    let next = found.value.next.map { key in
      Cursor.text([.number(Double(key.number)), key.value.map { .number($0) } ?? .null], filters: filters)
    }
    let live = service.live(study.id)
    return try list(request, next: next, position: found.position) { writer in
      for trial in found.value.items { TrialView(trial: trial, study: study, live: live).write(to: &writer) }
    }
  }

  @Sendable private func getTrial(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    _ = try Query(request.http, known: [])
    let epoch = finishedTrials.epoch
    let key = TrialCache.Key(study: request["name"], number: Int(request["number"]) ?? 0)
    if let known = finishedTrials.find(key), "\(key.number)" == request["number"] {
      try Accept.check(request.http, "application/json")
      // It reflects all that has been told until now, because nothing of it changes any more.
      return json(known.body, tag: known.tag, position: max(known.position, store.bell.last))
    }
    let study = try await study(request).value
    guard let number = Int(request["number"]), number >= 1, "\(number)" == request["number"] else {
      throw .notFound("There is no trial \(request["number"]); trials are numbered from 1.")
    }
    let found = try await read { () async throws(StoreError) in try await store.trial(study: study.id, number: number) }
    guard let found else { throw .notFound("Study \(study.name) has no trial \(number).") }
    let curve = try await read { () async throws(StoreError) in
      try await store.curve(study: study.id, number: number).points
    }
    let view = TrialView(trial: found.value, study: study, live: service.live(study.id), curve: curve)
    let answer = try json(request, position: found.position) { view.write(to: &$0) }
    if [.completed, .pruned, .infeasible].contains(found.value.state), let tag = answer.headers["ETag"] {
      finishedTrials.keep(TrialCache.Entry(body: answer.body, tag: tag, position: found.position), key, epoch: epoch)
    }
    return answer
  }

  /// RFC 4180, one row a trial in number order.
  @Sendable private func trialsAsCSV(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    _ = try Query(request.http, known: [])
    try Accept.check(request.http, "text/csv")
    let study = try await study(request)
    let parameters = study.value.resolved.space.parameters.map(\.name)
    var trials: [Trial] = []
    var key: TrialKey?
    repeat {
      let after = key
      let page = try await read { () async throws(StoreError) in
        try await store.trials(study: study.value.id, TrialQuery(), after: after, limit: 1000).value
      }
      trials += page.items
      key = page.next
    } while key != nil
    let metrics = Set(trials.flatMap(\.metrics.keys)).sorted()
    var text = CSVText()
    text.row(["number", "state", "value"] + parameters.map { "parameter.\($0)" } + metrics.map { "metric.\($0)" })
    for trial in trials {
      text.row(
        ["\(trial.number)", trial.state.rawValue, trial.value.map(JSONNumber.text) ?? ""]
          + parameters.map { name in
            switch trial.point[name] {
            case .integer(let value): "\(value)"
            case .real(let value): JSONNumber.text(value)
            case .boolean(let value): "\(value)"
            case .string(let value): CSVText.guarded(value)
            case nil: ""
            }
          } + metrics.map { trial.metrics[$0].map(JSONNumber.text) ?? "" })
    }
    return HTTPResponse(
      status: 200,
      headers: HTTPHeaders([
        ("Content-Type", "text/csv; charset=utf-8; header=present"), ("Cache-Control", "no-cache"),
        ("Content-Disposition", "attachment; filename=\"\(study.value.name).csv\""),
        ("Cairn-Event-Id", "\(study.position)"), ("ETag", EntityTag.of(text.bytes)),
      ]), body: text.bytes)
  }
}

/// Comma-separated values (RFC 4180).
struct CSVText {
  private(set) var bytes: [UInt8] = []

  /// Appends a row, quoting where a cell needs it.
  mutating func row(_ cells: [String]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) {
        bytes.append(0x22)
        for byte in cell.utf8 {
          if byte == 0x22 { bytes.append(0x22) }
          bytes.append(byte)
        }
        bytes.append(0x22)
      } else {
        bytes += cell.utf8
      }
    }
    bytes += [0x0D, 0x0A]
  }

  /// A text that no spreadsheet takes for a formula.
  static func guarded(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return text }
    return "'" + text
  }
}
