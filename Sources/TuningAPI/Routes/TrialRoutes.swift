import Foundation
import HTTPMessages
import JSONText
import Studies

/// The trials of a study.
extension TuningAPI {
  var trialRoutes: [Route] {
    [
      Route(
        "/v1/studies/{name}/trials", .get(query: .names(Pager.names + ["state", "order"]), listTrials),
        .post(body: .json(), enqueue)),
      Route("/v1/studies/{name}/trials/{number}", .get(known: knownTrial, getTrial)),
    ]
  }

  @Sendable private func listTrials(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let query = request.query
    let study = try await study(request).value
    var trials = TrialFilter()
    trials.states = try query.list("state", of: TrialState.self)
    trials.maximize = study.resolved.goal == .maximize
    if let order = query["order"] {
      guard let order = TrialFilter.Order(rawValue: order) else {
        throw .badQuery("order", "order is \"\(order)\"; it should be number or value.")
      }
      trials.order = order
    }
    let pager = try Pager(
      request,
      filters: [
        .string("trials"), .string(study.id.uuidString),
        .array(trials.states.map(\.rawValue).sorted().map { .string($0) }), .string(trials.order.rawValue),
      ])
    var after: TrialKey?
    if let key = pager.after {
      guard key.count == 2, let number = key[0].integerValue else { throw .notACursor }
      after = TrialKey(number: number, value: key[1].numberValue)
    }
    let found = try await reader.trials(of: study, trials, after: after, limit: pager.limit)
    let next = found.value.next.map { key in
      pager.cursor(after: [.number(Double(key.number)), key.value.map { .number($0) } ?? .null])
    }
    let live = service.live(study.id)
    return try list(request, found.value.items, next: next, position: found.position) { trial, writer in
      TrialView(trial: trial, study: study, live: live).write(to: &writer)
    }
  }

  /// A trial that has an outcome and was asked for before.
  @Sendable private func knownTrial(_ request: RouteRequest) throws(APIProblem) -> HTTPResponse? {
    let key = TrialCache.Key(study: request["name"], number: Int(request["number"]) ?? 0)
    guard let known = finishedTrials.find(key), "\(key.number)" == request["number"] else { return nil }
    try accept(request, "application/json")
    // It reflects all that has been told until now, because nothing of it changes any more.
    return Self.json(known.body, tag: known.tag, position: max(known.position, store.bell.last))
  }

  @Sendable private func getTrial(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let epoch = finishedTrials.epoch
    let key = TrialCache.Key(study: request["name"], number: Int(request["number"]) ?? 0)
    let study = try await study(request).value
    let found = try await reader.trial(request["number"], of: study)
    let curve = try await reader.curve(of: found.value).points
    let view = TrialView(trial: found.value, study: study, live: service.live(study.id), curve: curve)
    let answer = try json(request, position: found.position) { view.write(to: &$0) }
    if [.completed, .pruned, .infeasible].contains(found.value.state), let tag = answer.headers["ETag"] {
      finishedTrials.keep(TrialCache.Entry(body: answer.body, tag: tag, position: found.position), key, epoch: epoch)
    }
    return answer
  }
}
