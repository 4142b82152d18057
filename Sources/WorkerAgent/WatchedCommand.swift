import CSystem
import Dispatch
import Foundation
import Promises

/// A command with the thread that watches it.
struct WatchedCommand {
  let folder: TrialFolder
  private let plan: CommandPlan
  private let desk: TrialDesk
  private let rules: ExitRules
  private let patternText: String?
  private let timeout: Double?
  private let voice: WorkerVoice
  private let slot: Int
  private let end = DispatchGroup()
  private let refused = Locked(Int32?.none)

  init(_ plan: CommandPlan, _ desk: TrialDesk, _ folder: TrialFolder, _ loop: SlotLoop) {
    let options = loop.shared.options
    self.plan = plan
    self.desk = desk
    self.folder = folder
    rules = ExitRules(
      objective: loop.shared.facts.objective, infeasible: Set(options.infeasibleExits), retry: Set(options.retryExits),
      pattern: options.resultPattern)
    patternText = options.resultPattern
    timeout = options.timeout
    voice = loop.shared.voice
    slot = loop.slot
  }

  /// The error number for which the command could not be run.
  var refusal: Int32? { refused.value }

  /// Starts the thread, and on it the command.
  func start(named name: String, showing trial: Int) {
    end.enter()
    Thread.detachNewThread { [self] in
      cairn_set_thread_name(name)
      watch(trial)
      end.leave()
    }
  }

  func waitForEnd() { end.wait() }

  private func watch(_ trial: Int) {
    let show = voice.show.map { show in { (bytes: [UInt8]) in show(slot, trial, bytes) } }
    do throws(CommandStartError) {
      // The pattern was read at the start, and is right.
      let pattern = patternText.flatMap { try? ResultPattern($0) }
      try CommandWatch(
        desk: desk, folder: folder, rules: rules, pattern: pattern, timeout: timeout, show: show
      ).run(plan)
    } catch {
      refuse(error.code)
    }
  }

  private func refuse(_ code: Int32) {
    // What the machine lacks for the moment another attempt may have.
    if [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(code) {
      desk.ended(.failure("The command could not be started: \(String(cString: strerror(code)))", class: .io))
    } else {
      refused.withLock { $0 = code }
      desk.ended(nil)
    }
  }
}
