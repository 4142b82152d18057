import Foundation
import JSONText
import Testing

@testable import WorkerAgent

/// A command that is watched, and what the desk hears of it.
@Suite final class CommandWatchTests {
  private let root = NSTemporaryDirectory() + "watch-" + UUID().uuidString
  private let folders: ScratchFolders

  init() throws { folders = try ScratchFolders(root) }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// A watch that runs on a thread of its own, as in a worker.
  private func start(_ script: String, timeout: Double? = nil, grace: Double = 60) throws -> (TrialDesk, WatchedCommand)
  {
    let trial = Assignment(number: 1, attempt: 1, parameters: JSONObject(), lease: "x", seed: "0")
    let folder = try folders.open(study: "s", trial: trial)
    let desk = TrialDesk(TrialReport(leaseSeconds: 86_400, now: Moment.now))
    let plan = CommandPlan(
      program: "/bin/sh", words: ["sh", "-c", script],
      environment: ["PATH": "/usr/bin:/bin", "CAIRN_RESULT": folder.paths.result], kept: folder.lock, grace: grace)
    let rules = CommandRules(exits: ExitRules(objective: "acc"), timeout: timeout)
    let watched = WatchedCommand(plan, rules, desk: desk, folder: folder)
    watched.start(named: "watch")
    return (desk, watched)
  }

  /// What is told until the trial is over, by a service that takes everything.
  private func told(_ desk: TrialDesk, _ answer: (ReportCall) -> ReportAnswer? = { _ in nil }) -> [ReportCall] {
    var calls: [ReportCall] = []
    while true {
      switch desk.next() {
      case .over: return calls
      case .wait(let time): desk.wait(until: time)
      case .send(let call):
        calls.append(call)
        let taken: ReportAnswer =
          switch call {
          case .measurement, .heartbeat: .renewed(stop: nil)
          case .log, .complete, .release: .taken(state: nil)
          }
        desk.answered(call, answer(call) ?? taken)
      }
    }
  }

  private func output(_ calls: [ReportCall]) -> String {
    String(decoding: calls.flatMap { if case .log(_, let bytes) = $0 { bytes } else { [UInt8]() } }, as: UTF8.self)
  }

  @Test func outputMeasurementsAndResult() throws {
    let (desk, watched) = try start("echo a; echo cairn step=1 acc=0.5; echo b >&2; echo '{\"acc\": 1}'")
    let calls = told(desk)
    watched.waitForEnd()
    #expect(output(calls).split(separator: "\n").sorted() == ["a", "b", "cairn step=1 acc=0.5", "{\"acc\": 1}"])
    #expect(calls.contains(.measurement(Measurement(step: 1, metrics: JSONObject([("acc", 0.5)])))))
    #expect(calls.last == .complete(.metrics(JSONObject([("acc", 1)]))))
  }

  @Test func aCommandMayCloseItsStreamsAndRunOn() throws {
    let (desk, watched) = try start("echo x; exec >&- 2>&-; sleep 1; echo '{\"acc\": 2}' > $CAIRN_RESULT")
    #expect(told(desk).last == .complete(.metrics(JSONObject([("acc", 2)]))))
    watched.waitForEnd()
  }

  @Test func aFloodOfMeasurementsWaitsAndComesInOrder() throws {
    let count = 3 * TrialReport.mostWaiting
    let (desk, watched) = try start("seq 1 \(count) | sed 's/.*/cairn step=& acc=1/'; echo '{\"acc\": 1}'")
    // Nobody tells anything until the watch does not read on.
    while !desk.isFull { usleep(1000) }
    #expect(!desk.hasEnded)
    var step = 0
    for case .measurement(let measurement) in told(desk) {
      step += 1
      #expect(measurement.step == step)
    }
    #expect(step == count)
    watched.waitForEnd()
  }

  @Test func timeIsUp() throws {
    let (desk, watched) = try start("echo begun; sleep 1000", timeout: 0.5)
    let calls = told(desk)
    watched.waitForEnd()
    guard case .complete(.failure(let text, .error))? = calls.last else {
      Issue.record("\(calls)")
      return
    }
    // What it wrote may have come too late to be told.
    #expect(text.hasPrefix("The command was ended after 0.5 seconds (--timeout)"))
  }

  @Test func aCommandThatIsStoppedTellsNothing() throws {
    let (desk, watched) = try start(
      "trap 'echo \"{\\\"acc\\\": 1}\"; exit 0' TERM; echo cairn step=1 acc=1; while :; do sleep 0.05; done")
    let calls = told(desk) { call in
      if case .measurement = call { .renewed(stop: .pruned) } else { nil }
    }
    watched.waitForEnd()
    #expect(!calls.contains { $0.isComplete })
    // But what it wrote is still there.
    #expect(output(calls).contains("{\"acc\": 1}"))
  }

  @Test func aCommandThatIsReleasedIsHandedBack() throws {
    let (desk, watched) = try start("trap '' TERM; echo begun; while :; do sleep 0.05; done", grace: 0.2)
    desk.release()
    #expect(told(desk).last == .release)
    watched.waitForEnd()
  }

  @Test func aGuardianThatIsKilledIsAFailureThatIsTriedAgain() throws {
    let (desk, watched) = try start("kill -9 $PPID; sleep 1000")
    let calls = told(desk)
    watched.waitForEnd()
    guard case .complete(.failure(_, .lost))? = calls.last else {
      Issue.record("\(calls)")
      return
    }
  }
}
