import Foundation
import Promises
import StudyDefinitions

/// What those ask and tell who run the trials of external studies.
extension StudySupervisor: ExternalTrialService {
  public func handOut(
    _ name: String, _ request: TrialRequest
  ) async throws(StudyError) -> Snapshot<HandedTrials> {
    let end = ContinuousClock.now + .seconds(request.waitSeconds)
    return try await later(name, request, until: end, now: try await runner(name).handOut(request))
  }

  /// What a caller is handed who got `now` at first: where that is nothing it waits in line, as long as there may be something
  /// later.
  private func later(
    _ name: String, _ request: TrialRequest, until end: ContinuousClock.Instant, now: Snapshot<HandedTrials>
  ) async throws(StudyError) -> Snapshot<HandedTrials> {
    var handed = now
    while handed.value.mayCome, !Task.isCancelled {
      let left = (end - .now) / .seconds(1)
      guard left > 0 else { break }
      if let given = try await runner(name).handOutLater(request, seconds: left) {
        handed = given
      } else if !Task.isCancelled {
        // The time is over, or the study has ended: the answer says so.
        handed = try await runner(name).handOut(request)
      }
    }
    return handed
  }

  public func tell(
    _ name: String, _ told: [TrialTelling], next: TrialRequest?
  ) async throws(StudyError) -> Snapshot<ToldTrials> {
    let runner = try await runner(name)
    var answer = try await runner.tell(told, next: next)
    var results: [Result<Trial, StudyError>] = []
    for (one, result) in zip(told, answer.value.results) {
      do throws(StudyError) {
        results.append(.success(try await settled(one, result, of: answer.value.study)))
      } catch { results.append(.failure(error)) }
    }
    // Where there was nothing to hand out, it is waited for; and who tells the same again, because the answer was lost, goes
    // on as it would have then.
    if let next, case .success? = results.first, answer.value.next?.mayCome ?? true {
      let handed: Snapshot<HandedTrials>
      if let now = answer.value.next {
        let end = ContinuousClock.now + .seconds(next.waitSeconds)
        handed = try await later(name, next, until: end, now: Snapshot(value: now, position: answer.position))
      } else {
        handed = try await handOut(name, next)
      }
      answer.value.next = handed.value
      answer.position = handed.position
    }
    return Snapshot(
      value: ToldTrials(
        results: results, next: answer.value.next, study: answer.value.next?.study ?? answer.value.study),
      position: answer.position)
  }

  /// The trial that was told of. One that had an outcome is taken if it is the same; of one that was pruned every result is.
  private func settled(
    _ told: TrialTelling, _ result: TellingResult, of study: Study
  ) async throws(StudyError) -> Trial {
    switch result {
    case .taken(let trial): return trial
    case .refused(let error): throw error
    case .hasOutcome:
      let trial = try await stored(told.number, of: study)
      guard trial.state == .pruned || trial.isOutcome(told.outcome) else {
        throw .conflict(
          "Trial \(trial.number) of study \(study.name) is \(trial.state.rawValue) already, with another result; the "
            + "first one counts.")
      }
      return trial
    }
  }

  public func heartbeat(_ name: String, number: Int, lease: UUID) async throws(StudyError) -> LeaseAnswer {
    try await answer(name, number, lease) { runner async throws(StudyError) in
      try await runner.heartbeat(number, lease: lease)
    }
  }

  public func measure(
    _ name: String, _ point: CurvePoint, number: Int, lease: UUID
  ) async throws(StudyError) -> LeaseAnswer {
    try await answer(name, number, lease) { runner async throws(StudyError) in
      try await runner.measure(point, of: number, lease: lease)
    }
  }

  public func log(
    _ name: String, number: Int, lease: UUID, start: Int, bytes: [UInt8]
  ) async throws(StudyError) {
    let isTaken = try await runner(name).log(number, lease: lease, start: start, bytes: bytes)
    guard !isTaken else { return }
    guard let study = try await find(name)?.value else { throw .unknownStudy(name) }
    throw Self.leaseLost(number, of: name, try await stored(number, of: study).state)
  }

  public func release(
    _ name: String, number: Int, lease: UUID
  ) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)> {
    let runner = try await runner(name)
    let released = try await runner.release(number, lease: lease)
    guard let study = try await find(name)?.value else { throw .unknownStudy(name) }
    if let trial = released.value { return Snapshot(value: (trial, study), position: released.position) }
    let trial = try await stored(number, of: study)
    // The end of the study has taken it already.
    guard trial.state == .stopped else { throw Self.leaseLost(number, of: name, trial.state) }
    return Snapshot(value: (trial, study), position: released.position)
  }

  /// Asks a runner, and answers for a trial that has ended.
  private func answer(
    _ name: String, _ number: Int, _ lease: UUID,
    _ ask: (StudyRunner) async throws(StudyError) -> LeaseAnswer?
  ) async throws(StudyError) -> LeaseAnswer {
    let runner: StudyRunner
    do throws(StudyError) {
      runner = try await self.runner(name)
      if let answer = try await ask(runner) { return answer }
    } catch {
      // Also where the name is another study's by now.
      guard deletedLeases.value(for: lease) != nil else { throw error }
      return LeaseAnswer(reason: .deleted)
    }
    guard let study = try await find(name)?.value else { throw .unknownStudy(name) }
    let trial = try await stored(number, of: study)
    switch trial.state {
    case .pruned: return LeaseAnswer(reason: .pruned)
    case .stopped: return LeaseAnswer(reason: .stopped)
    case .queued, .running, .completed, .infeasible, .failed: throw Self.leaseLost(number, of: name, trial.state)
    }
  }

  func stored(_ number: Int, of study: Study) async throws(StudyError) -> Trial {
    let found: Snapshot<Trial>?
    do { found = try await store.trial(study: study.id, number: number) } catch { throw .store(error) }
    guard let trial = found?.value else { throw .unknownTrial(study: study.name, number: number) }
    return trial
  }

  private static func leaseLost(_ number: Int, of study: String, _ state: TrialState) -> StudyError {
    .leaseLost("Trial \(number) of study \(study) is \(state.rawValue), and no lease holds it any more.")
  }
}

extension Trial {
  /// Whether what a caller tells is what is known of the trial.
  fileprivate func isOutcome(_ outcome: ToldOutcome) -> Bool {
    switch outcome {
    case .metrics(let told): state == .completed && metrics == told
    case .infeasible(let reason): state == .infeasible && error == reason
    case .failure(let message, let told, _): state == .failed && error == message && failureClass == told
    }
  }
}
