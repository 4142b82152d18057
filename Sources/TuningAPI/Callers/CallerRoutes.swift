import Foundation
import HTTPMessages
import JSONText
import Studies

/// Ask and tell: the trials of external studies.
extension TuningAPI {
  var callerRoutes: [Route] {
    [
      Route("/v1/studies/{name}/suggestions", .post(body: .json(), suggest)),
      Route("/v1/studies/{name}/results", .post(body: .json(), takeResults)),
      Route("/v1/studies/{name}/trials/{number}/complete", .post(body: .json(), complete)),
      Route("/v1/studies/{name}/trials/{number}/heartbeat", .post(body: .json(), heartbeat)),
      Route("/v1/studies/{name}/trials/{number}/measurements", .post(body: .json(), measure)),
      Route("/v1/studies/{name}/trials/{number}/release", .post(body: .json(), release)),
    ]
  }

  @Sendable private func suggest(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let body = request.http.body.isEmpty && request.http.bodyStream == nil ? [:] : try await body(request)
    var bodies = CallerBodies()
    let asked = try bodies.asking(body)
    let handed = try await ask { () async throws(StudyError) in try await service.handOut(request["name"], asked) }
    return try json(request, position: handed.position) { writer in
      writer.object { HandedView(handed: handed.value).writeMembers(to: &$0) }
    }
  }

  @Sendable private func complete(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let number = try trialNumber(request)
    var bodies = CallerBodies()
    let (told, next) = try bodies.outcome(try await body(request), of: number)
    let answer = try await ask { () async throws(StudyError) in
      try await service.tell(request["name"], [told], next: next)
    }
    let trial = try await ask { () async throws(StudyError) in try answer.value.results[0].get() }
    let view = TrialView(trial: trial, study: answer.value.study)
    return try json(request, position: answer.position) { writer in
      guard next != nil else { return view.write(to: &writer) }
      writer.object { writer in
        writer.name("trial")
        view.write(to: &writer)
        if let handed = answer.value.next { HandedView(handed: handed).writeMembers(to: &writer) }
      }
    }
  }

  @Sendable private func takeResults(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    var bodies = CallerBodies()
    let told = try bodies.results(try await body(request))
    let answer = try await ask { () async throws(StudyError) in
      try await service.tell(request["name"], told, next: nil)
    }
    return try json(request, position: answer.position) { writer in
      writer.object { writer in
        writer.array("items", of: Array(zip(told, answer.value.results))) { item, writer in
          writer.object { writer in
            writer.member("number", item.0.number)
            switch item.1 {
            case .success: writer.member("status", 200)
            case .failure(let error):
              let problem = APIProblem(error)
              writer.member("status", problem.status)
              writer.member("detail", problem.detail)
            }
          }
        }
      }
    }
  }

  @Sendable private func heartbeat(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let number = try trialNumber(request)
    var bodies = CallerBodies()
    let lease = try bodies.lease(try await body(request))
    let answer = try await ask { () async throws(StudyError) in
      try await service.heartbeat(request["name"], number: number, lease: lease)
    }
    return try leaseAnswer(request, answer)
  }

  @Sendable private func measure(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let number = try trialNumber(request)
    var bodies = CallerBodies()
    let (point, lease) = try bodies.measurement(try await body(request))
    let answer = try await ask { () async throws(StudyError) in
      try await service.measure(request["name"], point, number: number, lease: lease)
    }
    return try leaseAnswer(request, answer)
  }

  @Sendable private func release(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let number = try trialNumber(request)
    var bodies = CallerBodies()
    let lease = try bodies.lease(try await body(request))
    let released = try await ask { () async throws(StudyError) in
      try await service.release(request["name"], number: number, lease: lease)
    }
    let view = TrialView(
      trial: released.value.trial, study: released.value.study, live: service.live(released.value.study.id))
    return try json(request, position: released.position) { view.write(to: &$0) }
  }

  private func leaseAnswer(_ request: RouteRequest, _ answer: LeaseAnswer) throws(APIProblem) -> HTTPResponse {
    try json(request) { writer in
      writer.object { writer in
        writer.member("should_stop", answer.reason != nil)
        writer.member("reason", answer.reason?.rawValue)
        writer.member("lease_expires_at", answer.expiresAt)
      }
    }
  }

  func trialNumber(_ request: RouteRequest) throws(APIProblem) -> Int {
    let text = request["number"]
    guard let number = Int(text), number >= 1, "\(number)" == text else {
      throw .notFound("There is no trial \(text); trials are numbered from 1.")
    }
    return number
  }
}

/// What a caller is handed, as members of an object.
struct HandedView {
  /// When to ask again, in seconds, where there is nothing and the study goes on.
  private static let patience = 1.0

  var handed: HandedTrials

  func writeMembers(to writer: inout JSONWriter) {
    writer.array("items", of: handed.trials) { held, writer in
      writer.object { writer in
        TrialView(trial: held.trial, study: handed.study, lease: held.lease).writeMembers(to: &writer)
        writer.member("lease", held.lease.id.uuidString.lowercased())
        writer.member("seed", handed.study.resolved.callerSeed(replicate: held.trial.replicate))
      }
    }
    writer.member("study_state", handed.study.state.rawValue)
    writer.member("waiting_for", handed.waitingFor?.rawValue)
    writer.member("retry_after_seconds", handed.trials.isEmpty && handed.waitingFor != nil ? Self.patience : nil)
  }
}
