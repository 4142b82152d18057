import JSONText
import SearchSpace
import StudyDefinitions

/// Points that a person asks for, and what a person does to a trial.
extension StudySupervisor {
  public func enqueue(
    _ name: String, _ point: JSONValue, at pointer: JSONPointer
  ) async throws(StudyError) -> Snapshot<EnqueuedPoint> {
    let study = try await named(name)
    var faults = FaultList()
    guard let point = faults.point(point, at: pointer, of: study.resolved.space) else {
      throw .invalid(faults.faults)
    }
    let number: Int?
    do { number = try await store.number(of: point, study: study.id) } catch { throw .store(error) }
    if let number { throw .conflict("This point has a trial already: \(number).") }
    return try await runner(name).enqueue(point)
  }

  public func withdraw(_ name: String, position: Int) async throws(StudyError) -> Bool {
    try await runner(name).withdraw(position)
  }

  public func retry(_ name: String, number: Int) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)> {
    let study = try await named(name)
    let trial = try await stored(number, of: study)
    guard trial.state == .failed else {
      throw .conflict("Trial \(number) of study \(name) is \(trial.state.rawValue); only a failed one is tried again.")
    }
    let retried = try await runner(name).retry(trial)
    return Snapshot(value: (retried.value, study), position: retried.position)
  }

  public func takeBack(_ name: String, number: Int) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)> {
    let study = try await named(name)
    let taken = try await runner(name).takeBack(number)
    guard let trial = taken.value else {
      let trial = try await stored(number, of: study)
      throw .conflict("Trial \(number) of study \(name) is \(trial.state.rawValue); only a running one is put back.")
    }
    return Snapshot(value: (trial, study), position: taken.position)
  }

  public func fail(
    _ name: String, number: Int, reason: String
  ) async throws(StudyError) -> Snapshot<(trial: Trial, study: Study)> {
    let study = try await named(name)
    let failed = try await runner(name).fail(number, reason)
    guard let trial = failed.value else {
      let trial = try await stored(number, of: study)
      throw .conflict("Trial \(number) of study \(name) is \(trial.state.rawValue) already, and that is final.")
    }
    return Snapshot(value: (trial, study), position: failed.position)
  }

  private func named(_ name: String) async throws(StudyError) -> Study {
    guard let study = try await find(name)?.value else { throw .unknownStudy(name) }
    return study
  }
}
