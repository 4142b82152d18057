import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// Points that a person asks for, and what a person does to a trial.
extension TuningAPI {
  var byHandRoutes: [Route] {
    [
      Route("/v1/studies/{name}/enqueued/{position}", .delete(withdraw)),
      Route("/v1/studies/{name}/trials/{number}/retry", .post(retry)),
      Route("/v1/studies/{name}/trials/{number}/requeue", .post(requeue)),
      Route("/v1/studies/{name}/trials/{number}/fail", .post(body: .json(), fail)),
    ]
  }

  /// `POST …/trials`; its route is that of the list.
  @Sendable func enqueue(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let body = try await body(request)
    var faults = FaultList()
    guard let members = faults.members(of: body, at: .root, called: "The body", known: ["parameters"]),
      faults.faults.isEmpty
    else { throw APIProblem(.invalid(faults.faults)) }
    guard let point = members["parameters"] else {
      throw APIProblem(.invalid([Fault(at: .root, "parameters is missing; it is the point to try.")]))
    }
    let enqueued = try await ask { () async throws(StudyError) in
      try await service.enqueue(request["name"], point, at: members.at("parameters"))
    }
    return try json(request, status: 202, position: enqueued.position) { writer in
      writer.object { writer in
        writer.name("parameters")
        writer.write(enqueued.value.point)
        writer.member("position", enqueued.value.position)
      }
    }
  }

  @Sendable private func withdraw(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let text = request["position"]
    let nothing = APIProblem.notFound("Nothing waits at position \(text) of study \(request["name"]).")
    guard let position = Int(text), position >= 1, "\(position)" == text else { throw nothing }
    let isGone = try await ask { () async throws(StudyError) in
      try await service.withdraw(request["name"], position: position)
    }
    guard isGone else { throw nothing }
    return HTTPResponse(status: 204)
  }

  @Sendable private func retry(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let number = try trialNumber(request)
    return try await changed(request) { () async throws(StudyError) in
      try await service.retry(request["name"], number: number)
    }
  }

  @Sendable private func requeue(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let number = try trialNumber(request)
    return try await changed(request) { () async throws(StudyError) in
      try await service.takeBack(request["name"], number: number)
    }
  }

  @Sendable private func fail(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let number = try trialNumber(request)
    let body = request.http.body.isEmpty && request.http.bodyStream == nil ? [:] : try await body(request)
    var faults = FaultList()
    let members = faults.members(of: body, at: .root, called: "The body", known: ["reason"])
    let reason = members.flatMap { faults.text("reason", of: $0, most: 65_536)?.string }
    guard faults.faults.isEmpty else { throw APIProblem(.invalid(faults.faults)) }
    return try await changed(request) { () async throws(StudyError) in
      try await service.fail(request["name"], number: number, reason: reason ?? "Marked as failed by hand.")
    }
  }

  private func changed(
    _ request: RouteRequest, _ body: () async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)>
  ) async throws(APIProblem) -> HTTPResponse {
    let found = try await ask(body)
    let view = TrialView(
      trial: found.value.trial, study: found.value.study, live: service.live(found.value.study.id))
    return try json(request, position: found.position) { view.write(to: &$0) }
  }
}
