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
}
