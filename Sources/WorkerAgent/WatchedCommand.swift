import CSystem
import Dispatch
import Foundation
import Promises

/// A command with the thread that watches it.
struct WatchedCommand {
  let folder: TrialFolder
  private let plan: CommandPlan
  private let desk: TrialDesk
  private let rules: CommandRules
  private let end = DispatchGroup()
  private let refused = Locked(Int32?.none)

  init(_ plan: CommandPlan, _ rules: CommandRules, desk: TrialDesk, folder: TrialFolder) {
    self.plan = plan
    self.rules = rules
    self.desk = desk
    self.folder = folder
  }

  /// The error number for which the command could not be run.
  var refusal: Int32? { refused.value }

  /// Starts the thread, and on it the command.
  func start(named name: String) {
    end.enter()
    let code = WaitingThread.start { [self] in
      cairn_set_thread_name(name)
      watch()
      end.leave()
    }
    guard code != 0 else { return }
    refuse(code)
    end.leave()
  }

  func waitForEnd() { end.wait() }

  private func watch() {
    do throws(CommandStartError) {
      // The pattern was read at the start, and is right.
      let pattern = rules.exits.pattern.flatMap { try? ResultPattern($0) }
      try CommandWatch(desk: desk, folder: folder, rules: rules, pattern: pattern).run(plan)
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
