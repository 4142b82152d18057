import Foundation
import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// Much of a study in one answer.
extension TuningAPI {
  var bulkRoutes: [Route] {
    [
      Route("/v1/studies/{name}/trials.csv", ["GET": trialsAsCSV]),
      Route("/v1/studies/{name}/curves", ["GET": inTurn(curves)]),
      Route("/v1/studies/{name}/restarts", ["GET": inTurn(restarts)]),
    ]
  }

  /// How many rows are read at once: few enough that no read lasts long.
  private static var rowsPerPage: Int { 512 }

  /// RFC 4180, one row a trial in number order, each as it is when it is read.
  @Sendable private func trialsAsCSV(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let query = try Query(request.http, known: ["state"])
    let states = try query.list("state", of: TrialState.self)
    try Accept.check(request.http, "text/csv")
    let study = try await study(request)
    let headers = HTTPHeaders([
      ("Content-Type", "text/csv; charset=utf-8; header=present"), ("Cache-Control", "no-cache"),
      ("Content-Disposition", "attachment; filename=\"\(study.value.name).csv\""),
      ("Cairn-Event-Id", "\(study.position)"),
      // Weak: what changes while it is sent may be in it already.
      ("ETag", EntityTag.of(study: study.value.id.uuidString, revision: study.value.revision)),
    ])
    let head = HTTPResponse(status: 200, headers: headers)
    if Conditions.isNotModified(request.http, head) { return head }
    guard let place = streams.take() else { throw ExpensiveAnswers.busy }
    let table = TrialTable(study.value.resolved)
    // Before the head is sent, so that a store that cannot be read is told by a status.
    let first = try await expensive.make { () async throws(APIProblem) in
      try await rows(of: study.value, states, beyond: 0)
    }
    guard let first else { throw .init(.unknownStudy(study.value.name)) }
    return HTTPResponse(
      status: 200, headers: headers,
      stream: HTTPBodyStream { writer in
        try await place.hold { try await send(first, table, study.value, states, through: writer, place) }
      })
  }

  /// Sends a page and all that follow it.
  private func send(
    _ first: TrialRows, _ table: TrialTable, _ study: Study, _ states: Set<TrialState>, through writer: HTTPBodyWriter,
    _ place: StreamPlaces.Place
  ) async throws {
    var page = first
    var bytes = table.header
    while true {
      let current = page
      guard !current.isLast, let last = current.rows.last?.number else {
        bytes += table.rows(current)
        guard await writer.write(bytes) else { throw CancellationError() }
        return
      }
      // The next page is read while this one is written out.
      let (more, next) = try await expensive.makePiece {
        async let next = rows(of: study, states, beyond: last)
        let more = table.rows(current)
        return (more, try await next)
      }
      guard await writer.write(bytes + more) else { throw CancellationError() }
      place.moves()
      // A study that is deleted meanwhile must not look as if it were whole.
      guard let next else { throw CancellationError() }
      (page, bytes) = (next, [])
    }
  }

  private func rows(
    of study: Study, _ states: Set<TrialState>, beyond number: Int
  ) async throws(APIProblem) -> TrialRows? {
    try await read { () async throws(StoreError) in
      try await store.trialRows(study: study.id, states: states, beyond: number, limit: Self.rowsPerPage)
    }
  }

  /// The learning curves of many trials.
  @Sendable private func curves(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let query = try Query(request.http, known: ["numbers"])
    let numbers = try Self.numbers(query)
    let study = try await study(request).value
    let found = try await read { () async throws(StoreError) in
      try await store.curves(study: study.id, numbers: numbers)
    }
    return try json(request, position: found.position) { writer in
      writer.beginObject()
      writer.name("items")
      writer.beginArray()
      for number in numbers {
        guard let curve = found.value[number] else { continue }
        writer.beginObject()
        writer.member("number", number)
        writer.name("curve")
        writer.write(curve.points)
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
    }
  }

  /// How many curves one answer may have.
  private static var mostCurves: Int { 200 }

  private static func numbers(_ query: Query) throws(APIProblem) -> [Int] {
    guard let text = query["numbers"] else {
      throw .badQuery("numbers", "numbers is missing: it says which trials, as in numbers=1,2,3.")
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= mostCurves else {
      throw .badQuery("numbers", "numbers has \(parts.count) trials, and may have \(mostCurves).")
    }
    var places: [Int: Int] = [:]
    var numbers: [Int] = []
    for (index, part) in parts.enumerated() {
      guard let number = Int(part), number >= 1, "\(number)" == part else {
        throw .badQuery("numbers", "numbers has \"\(part)\", and should have trial numbers with commas between them.")
      }
      if let first = places.updateValue(index, forKey: number) {
        throw .badQuery("numbers", "numbers has \(number) twice (places \(first + 1) and \(index + 1)).")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// About how many bytes a page of descents has at most; one descent may have more.
  private static var descentBytes: Int { 4 << 20 }

  /// The descents of a local search, in order.
  @Sendable private func restarts(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let query = try Query(request.http, known: ["limit", "after"])
    let limit = try query.integer("limit", in: 1...1000, default: 100)
    let study = try await study(request)
    let filters = JSONValue.array([.string("restarts"), .string(study.value.id.uuidString)]).canonicalText
    let after = try Cursor.key(query, filters: filters)?.first?.integerValue ?? 0
    let found = try await ask { () async throws(StudyError) in try await service.descents(request["name"]) }
    guard let found else {
      throw .notFound("Algorithm \(study.value.resolved.algorithm) has no restarts.")
    }
    let left = found.drop { $0.restart <= after }
    var bytes = 0
    let page = left.prefix(limit).prefix { descent in
      defer { bytes += 100 + 8 * descent.path.count }
      return bytes <= Self.descentBytes
    }
    let next =
      page.count < left.count ? page.last.map { Cursor.text([.number(Double($0.restart))], filters: filters) } : nil
    return try list(request, next: next, position: study.position) { writer in
      for descent in page {
        writer.beginObject()
        writer.member("restart", descent.restart)
        writer.name("path")
        writer.beginArray()
        for number in descent.path { writer.integer(number) }
        writer.endArray()
        writer.member("optimum", descent.optimum)
        writer.member("value", descent.value)
        writer.member("stop_reason", descent.stopReason)
        writer.endObject()
      }
    }
  }
}
