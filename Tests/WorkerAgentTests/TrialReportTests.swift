import JSONText
import Testing

@testable import WorkerAgent

/// What is told of a trial, in which order, when, and what follows from the answers: on a clock of the test's own.
@Suite struct TrialReportTests {
  private static let metrics = TrialResult.metrics(JSONObject([("acc", 0.5)]))
  private static let failure = TrialResult.failure("no", class: .error)

  private func report() -> TrialReport {
    TrialReport(leaseSeconds: 15, now: 100, backoff: Backoff(random: { 0 }))
  }

  private func measurement(_ step: Int) -> Measurement { Measurement(step: step, metrics: JSONObject([("acc", 1)])) }

  private let goOn = ReportAnswer.renewed(stop: nil)

  @Test func heartbeatsComeEveryThirdOfTheLease() {
    var report = report()
    #expect(report.next(at: 100) == .wait(until: 105))
    #expect(report.next(at: 105) == .send(.heartbeat))
    report.answered(.heartbeat, goOn, at: 106)
    #expect(report.next(at: 106) == .wait(until: 111))
    // A measurement renews the lease as well.
    report.measured([measurement(1)])
    #expect(report.next(at: 108) == .send(.measurement(measurement(1))))
    report.answered(.measurement(measurement(1)), goOn, at: 108)
    #expect(report.next(at: 108) == .wait(until: 113))
  }

  @Test func aWholeTrial() {
    var report = report()
    report.wrote(Array("x".utf8))
    report.measured([measurement(1), measurement(2)])
    #expect(report.next(at: 100) == .send(.measurement(measurement(1))))
    report.answered(.measurement(measurement(1)), goOn, at: 100)
    report.ended(Self.metrics)
    // The output first: the lease ends with the outcome.
    #expect(report.next(at: 100) == .send(.log(offset: 0, bytes: Array("x".utf8))))
    report.answered(.log(offset: 0, bytes: Array("x".utf8)), .taken(state: nil), at: 100)
    #expect(report.next(at: 100) == .send(.measurement(measurement(2))))
    report.answered(.measurement(measurement(2)), goOn, at: 100)
    #expect(report.next(at: 100) == .send(.complete(Self.metrics)))
    report.answered(.complete(Self.metrics), .taken(state: "completed"), at: 100)
    #expect(report.next(at: 100) == .over(.told(Self.metrics, state: "completed")))
    #expect(report.stop == nil)
  }

  @Test func outputIsSentOnceASecond() {
    var report = report()
    report.wrote([1])
    #expect(report.next(at: 100) == .wait(until: 101))
    #expect(report.next(at: 101) == .send(.log(offset: 0, bytes: [1])))
    report.answered(.log(offset: 0, bytes: [1]), .taken(state: nil), at: 101)
    report.wrote([2, 3])
    #expect(report.next(at: 101.5) == .wait(until: 102))
    #expect(report.next(at: 102) == .send(.log(offset: 1, bytes: [2, 3])))
    report.answered(.log(offset: 1, bytes: [2, 3]), .refused("too much"), at: 102)
    #expect(report.remark == "the output was not taken: too much")
    #expect(report.next(at: 103) == .wait(until: 105))
  }

  @Test func aLostConnectionIsTriedAgainAndNothingIsForgotten() {
    var report = report()
    report.measured([measurement(1)])
    let call = ReportCall.measurement(measurement(1))
    report.answered(call, .unreachable("x", retryAfter: nil), at: 100)
    #expect(report.next(at: 100) == .wait(until: 100.125))
    report.ended(Self.metrics)
    #expect(report.next(at: 100.1) == .wait(until: 100.125))
    #expect(report.next(at: 100.125) == .send(call))
    report.answered(call, .unreachable("x", retryAfter: 9), at: 101)
    #expect(report.next(at: 109) == .wait(until: 110))
    report.answered(call, goOn, at: 110)
    #expect(report.next(at: 110) == .send(.complete(Self.metrics)))
    report.answered(.complete(Self.metrics), .unreachable("x", retryAfter: nil), at: 110)
    #expect(report.next(at: 110.125) == .send(.complete(Self.metrics)))
    #expect(report.stop == nil)
  }

  @Test func aLostLeaseEndsTheCommandAndTellsNothing() {
    for call in [ReportCall.heartbeat, .log(offset: 0, bytes: [1]), .measurement(measurement(1))] {
      var report = report()
      report.wrote([1])
      report.measured([measurement(1)])
      report.answered(call, .leaseLost, at: 101)
      #expect(report.stop == .leaseLost)
      #expect(report.next(at: 200) == .wait(until: .infinity))
      report.ended(nil)
      #expect(report.next(at: 200) == .over(.leaseLost))
    }
  }

  @Test func aResultNeedsNoLease() {
    var report = report()
    report.wrote([1])
    report.measured([measurement(1)])
    report.ended(Self.metrics)
    report.answered(.log(offset: 0, bytes: [1]), .leaseLost, at: 100)
    #expect(report.next(at: 100) == .send(.measurement(measurement(1))))
    report.answered(.measurement(measurement(1)), .leaseLost, at: 100)
    #expect(report.next(at: 100) == .send(.complete(Self.metrics)))
    report.answered(.complete(Self.metrics), .otherResult("there is one"), at: 100)
    #expect(report.next(at: 100) == .over(.refused("there is one")))
    // A failure does.
    report = self.report()
    report.ended(Self.failure)
    report.answered(.complete(Self.failure), .leaseLost, at: 100)
    #expect(report.next(at: 100) == .over(.leaseLost))
  }

  @Test func aResultIsNotToldPastMeasurementsThatARuleWouldJudge() {
    for (told, isOver) in [(0, true), (1, false)] {
      var report = TrialReport(leaseSeconds: 15, isPrunable: true, now: 100, backoff: Backoff(random: { 0 }))
      report.measured([measurement(1)])
      if told == 1 { report.answered(.measurement(measurement(1)), goOn, at: 100) }
      report.wrote([1])
      report.ended(Self.metrics)
      let call = told == 0 ? ReportCall.measurement(measurement(1)) : .log(offset: 0, bytes: [1])
      report.answered(call, .leaseLost, at: 100)
      #expect(report.next(at: 100) == (isOver ? .over(.leaseLost) : .send(.complete(Self.metrics))))
    }
  }

  @Test func whatTheServiceStopsIsStopped() {
    for (reason, conclusion) in [(StopReason.pruned, Conclusion.pruned), (.stopped, .stopped), (.deleted, .deleted)] {
      var report = report()
      report.measured([measurement(1), measurement(2)])
      report.answered(.measurement(measurement(1)), .renewed(stop: reason), at: 100)
      #expect(report.stop == reason)
      // Nothing more is told while the command ends, not even that it lives.
      #expect(report.next(at: 200) == .wait(until: .infinity))
      report.ended(nil)
      #expect(report.next(at: 200) == .over(conclusion))
    }
  }

  @Test func theOutputOfAPrunedTrialIsStillSent() {
    var report = report()
    report.measured([measurement(1)])
    report.answered(.measurement(measurement(1)), .renewed(stop: .pruned), at: 100)
    report.wrote([7])
    report.ended(nil)
    #expect(report.next(at: 100) == .send(.log(offset: 0, bytes: [7])))
    report.answered(.log(offset: 0, bytes: [7]), .leaseLost, at: 100)
    #expect(report.next(at: 100) == .over(.pruned))
  }

  @Test func aStopThatComesAfterTheResultTakesNothingBack() {
    var report = report()
    report.measured([measurement(1)])
    report.ended(Self.metrics)
    report.answered(.measurement(measurement(1)), .renewed(stop: .pruned), at: 100)
    #expect(report.next(at: 100) == .send(.complete(Self.metrics)))
    report.answered(.complete(Self.metrics), .taken(state: "pruned"), at: 100)
    #expect(report.next(at: 100) == .over(.told(Self.metrics, state: "pruned")))
  }

  @Test func aWorkerThatEndsHandsBack() {
    var report = report()
    report.measured([measurement(1)])
    report.release()
    #expect(report.stop == .release)
    // While the command ends, its lease is kept.
    #expect(report.next(at: 100) == .send(.measurement(measurement(1))))
    report.answered(.measurement(measurement(1)), goOn, at: 100)
    #expect(report.next(at: 105) == .send(.heartbeat))
    report.measured([measurement(2)])
    report.ended(nil)
    #expect(report.next(at: 105) == .send(.release))
    report.answered(.release, .unreachable("x", retryAfter: nil), at: 105)
    #expect(report.next(at: 105.125) == .send(.release))
    report.answered(.release, .taken(state: nil), at: 106)
    #expect(report.next(at: 106) == .over(.released))
    // What has ended before is told.
    report = self.report()
    report.ended(Self.metrics)
    report.release()
    #expect(report.stop == nil)
    #expect(report.next(at: 100) == .send(.complete(Self.metrics)))
  }

  @Test func aResultThatIsNotTakenBecomesAFailure() {
    var report = report()
    report.ended(Self.metrics)
    report.answered(.complete(Self.metrics), .refused("too large"), at: 100)
    let failure = TrialResult.failure("The service did not take the result: too large", class: .error)
    #expect(report.next(at: 100) == .send(.complete(failure)))
    report.answered(.complete(failure), .refused("no"), at: 100)
    #expect(report.next(at: 100) == .over(.refused("no")))
  }

  @Test func measurementsThatAreNotTakenAreLeftOut() {
    var report = report()
    report.measured([measurement(2), measurement(1), measurement(3)])
    report.answered(.measurement(measurement(2)), goOn, at: 100)
    report.answered(.measurement(measurement(1)), .refused("steps rise"), at: 100)
    #expect(report.remark == "a measurement was not taken: steps rise")
    #expect(report.next(at: 100) == .send(.measurement(measurement(3))))
  }

  @Test func aFloodOfMeasurementsWaits() {
    var report = report()
    report.measured((1...TrialReport.mostWaiting + 1).map(measurement))
    #expect(report.isFull)
    for step in 1...3000 { report.answered(.measurement(measurement(step)), goOn, at: 100) }
    #expect(!report.isFull)
    #expect(report.next(at: 100) == .send(.measurement(measurement(3001))))
  }

  @Test func timeIsUpOnce() {
    var report = report()
    report.timeIsUp()
    #expect(report.stop == .timeout)
    report.ended(Self.failure)
    #expect(report.next(at: 100) == .send(.complete(Self.failure)))
    report.answered(.complete(Self.failure), .taken(state: "failed"), at: 100)
    #expect(report.next(at: 100) == .over(.told(Self.failure, state: "failed")))
  }

  @Test func aStudyThatIsGone() {
    var report = report()
    report.answered(.heartbeat, .deleted, at: 100)
    #expect(report.stop == .deleted)
    report.ended(nil)
    #expect(report.next(at: 100) == .over(.deleted))
  }
}
