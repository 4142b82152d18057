import APIClient
import CSystem
import Dispatch
import Foundation
import JSONText
import Promises

/// Runs a command for the trials of a study, until the study has ended or there is another reason to end.
public struct Worker: Sendable {
  private let options: WorkerOptions
  private let voice: WorkerVoice
  private let stop: WorkerStop

  /// How long handing back may take beyond the commands' grace, in seconds.
  public static let patience = 5.0

  /// Makes a worker that has not begun.
  public init(_ options: WorkerOptions, voice: WorkerVoice, stop: WorkerStop) {
    self.options = options
    self.voice = voice
    self.stop = stop
  }

  /// Works, and blocks until it ends; gives a sentence about what was done. Throws where it cannot work.
  public func run() throws(WorkerRefusal) -> String {
    let command = CommandForm(options.command, usesShell: options.usesShell)
    if let pattern = options.resultPattern { _ = try ResultPattern(pattern) }
    try command.check()
    let devices = try devices()
    let start = WorkerStart(options: options, voice: voice)
    let facts = try start.study()
    try facts.check(named: command.names)
    guard !StudyFacts.hasEnded(facts.state) else { return ended(facts, "0 trials") }
    start.compareVersions()
    let folders = try ScratchFolders(options.scratch)
    let tally = WorkerTally(limit: options.trials, voice: voice)
    let shared = SlotLoop.Shared(
      options: options, facts: facts, command: command, folders: folders, tally: tally, stop: stop, voice: voice)
    work(shared, devices)
    if let refusal = tally.refusal {
      throw WorkerRefusal("\(refusal.description) (After \(tally.summary).)")
    }
    return conclusion(start, folders, facts, tally)
  }

  private func devices() throws(WorkerRefusal) -> [String]? {
    guard let variable = options.slotVariable else { return nil }
    return try CommandEnvironment.devices(
      variable, slots: options.slots, inherited: ProcessInfo.processInfo.environment[variable])
  }

  /// Runs every slot to its end.
  private func work(_ shared: SlotLoop.Shared, _ devices: [String]?) {
    let slots = DispatchGroup()
    let name = options.name ?? Self.name
    for slot in 0..<options.slots {
      slots.enter()
      let code = WaitingThread.start {
        cairn_set_thread_name("slot \(slot)")
        SlotLoop(shared: shared, slot: slot, worker: "\(name)-\(slot)", device: devices?[slot]).run()
        endAll(shared)
        slots.leave()
      }
      guard code != 0 else { continue }
      shared.tally.refuse(WorkerRefusal("There is no thread for slot \(slot): \(String(cString: strerror(code)))."))
      endAll(shared)
      slots.leave()
    }
    slots.wait()
  }

  /// One slot's trouble that all have ends all of them.
  private func endAll(_ shared: SlotLoop.Shared) {
    if shared.tally.refusal != nil { shared.stop.ask(patience: shared.options.grace + Self.patience) }
  }

  /// This host and this process.
  private static var name: String {
    var bytes = [CChar](repeating: 0, count: 256)
    gethostname(&bytes, bytes.count - 1)
    let host = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return "\(host.prefix { $0 != "." }.prefix(40))-\(getpid())"
  }

  private func conclusion(
    _ start: WorkerStart, _ folders: ScratchFolders, _ facts: StudyFacts, _ tally: WorkerTally
  ) -> String {
    if stop.isAsked { return "Ended when asked to, after \(tally.summary)." }
    // A study that has gone or is not reached any more has no more to say.
    guard let last = try? start.study(), last.id == facts.id, StudyFacts.hasEnded(last.state) else {
      return "Ran \(tally.summary)."
    }
    folders.removeAll(of: facts.id)
    return ended(last, tally.summary)
  }

  private func ended(_ facts: StudyFacts, _ summary: String) -> String {
    let reason = facts.stopDetail.map { ": \($0)" } ?? ""
    return "Ran \(summary). The study \"\(facts.name)\" has ended (\(facts.state))\(reason)"
      + (reason.hasSuffix(".") ? "" : ".")
  }
}
