import Foundation
import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// Much of a study in one answer.
extension TuningAPI {
  var bulkRoutes: [Route] {
    [
      Route("/v1/studies/{name}/trials.csv", .get(query: ["state"], trialsAsCSV)),
      Route("/v1/studies/{name}/curves", .get(query: ["numbers"], inTurn(curves))),
      Route("/v1/studies/{name}/restarts", .get(query: .names(Pager.names), inTurn(restarts))),
    ]
  }

  /// How many rows are read at once: few enough that no read lasts long.
  private static var rowsPerPage: Int { 512 }

  /// RFC 4180, one row a trial in number order, each as it is when it is read.
  @Sendable private func trialsAsCSV(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let states = try request.query.list("state", of: TrialState.self)
    try accept(request, "text/csv")
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
    let told = study.value.resolved.isTrained ? [] : try await reader.metricNames(of: study.value)
    let table = TrialTable(study.value.resolved, told: told)
    // Before the head is sent, so that a store that cannot be read is told by a status.
    let first = try await expensive.make { () async throws(APIProblem) in
      try await reader.trialRows(of: study.value, states, beyond: 0, limit: Self.rowsPerPage)
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
        async let next = reader.trialRows(of: study, states, beyond: last, limit: Self.rowsPerPage)
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

  /// The learning curves of many trials.
  @Sendable private func curves(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let numbers = try Self.numbers(request.query)
    let study = try await study(request).value
    let found = try await reader.curves(of: study, numbers)
    let curves = numbers.compactMap { number in found.value[number].map { (number: number, curve: $0) } }
    return try json(request, position: found.position) { writer in
      writer.object { writer in
        writer.array("items", of: curves) { item, writer in
          writer.object { writer in
            writer.member("number", item.number)
            writer.name("curve")
            writer.write(item.curve.points)
          }
        }
      }
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
    let study = try await study(request)
    let pager = try Pager(request, filters: [.string("restarts"), .string(study.value.id.uuidString)])
    let after = pager.after?.first?.integerValue ?? 0
    let found = try await ask { () async throws(StudyError) in try await service.descents(request["name"]) }
    guard let found else {
      throw .notFound("Algorithm \(study.value.resolved.algorithm) has no restarts.")
    }
    let left = found.drop { $0.restart <= after }
    var bytes = 0
    let page = left.prefix(pager.limit).prefix { descent in
      defer { bytes += 100 + 8 * descent.path.count }
      return bytes <= Self.descentBytes
    }
    let next = page.count < left.count ? page.last.map { pager.cursor(after: [.number(Double($0.restart))]) } : nil
    return try list(request, page, next: next, position: study.position) { descent, writer in
      writer.object { writer in
        writer.member("restart", descent.restart)
        writer.array("path", of: descent.path) { $1.integer($0) }
        writer.member("optimum", descent.optimum)
        writer.member("value", descent.value)
        writer.member("stop_reason", descent.stopReason)
      }
    }
  }
}
