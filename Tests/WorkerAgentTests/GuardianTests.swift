import CSystem
import Foundation
import Testing

@testable import WorkerAgent

/// Commands below their guardians.
@Suite final class GuardianTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "guard-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func plan(_ script: String, grace: Double = 60) -> CommandPlan {
    CommandPlan(
      program: "/bin/sh", words: ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin", "F": folder], grace: grace
    )
  }

  /// Waits for news to come.
  private func news(_ command: GuardedCommand, until isLast: (GuardedCommand.News) -> Bool) -> [GuardedCommand.News] {
    var all: [GuardedCommand.News] = []
    while true {
      if let news = command.news() {
        all.append(news)
        if isLast(news) { return all }
        continue
      }
      var awaited = pollfd(fd: command.line, events: Int16(POLLIN), revents: 0)
      #expect(poll(&awaited, 1, 60_000) == 1)
    }
  }

  private func ends(_ command: GuardedCommand) -> [String] {
    news(command) { if case .gone = $0 { true } else if case .guardianLost = $0 { true } else { false } }.map {
      switch $0 {
      case .started: "started"
      case .refused(let code): "refused \(code)"
      case .ended(let end): end.description
      case .gone: "gone"
      case .guardianLost: "lost"
      }
    }
  }

  private func text(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  private func wait(for file: String) {
    while !FileManager.default.fileExists(atPath: folder + "/" + file) { usleep(10_000) }
  }

  /// Process ids that a script has written, one a line.
  private func processes(_ file: String) throws -> [pid_t] {
    try String(contentsOfFile: folder + "/" + file, encoding: .utf8).split(separator: "\n").compactMap { pid_t($0) }
  }

  private func waitUntilGone(_ processes: [pid_t]) {
    for process in processes { while kill(process, 0) == 0 { usleep(10_000) } }
  }

  @Test func aCommandRunsAndEnds() throws {
    let command = try GuardedCommand(plan("echo out; echo err >&2; cat; exit 7"))
    #expect(ends(command) == ["started", "ended with exit code 7", "gone"])
    #expect(text(command.output) == "out\n")
    #expect(text(command.error) == "err\n")
  }

  @Test func aProgramThatIsNotThereIsRefused() throws {
    var wrong = plan("")
    wrong.program = folder + "/none"
    let command = try GuardedCommand(wrong)
    let all = news(command) { _ in true }
    guard case .refused(let code)? = all.first else {
      Issue.record("\(all)")
      return
    }
    #expect(code == ENOENT)
  }

  @Test func signalsAreDefaultAndNothingIsInherited() throws {
    let command = try GuardedCommand(plan("grep -hE 'Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd; kill -PIPE $$"))
    #expect(ends(command)[1].contains("signal 13"))
    let lines = text(command.output).split(separator: "\n")
    for line in lines.prefix(2) {
      // 32 and 33 are the C library's own.
      #expect(Int(line.split(separator: "\t").last ?? "", radix: 16).map { $0 & 0x7FFF_FFFF } == 0, "\(line)")
    }
    // 3 is what ls reads the folder by.
    #expect(lines.dropFirst(2) == ["0", "1", "2", "3"])
  }

  @Test func theWholeTreeEnds() throws {
    // In a group of its own, in a session of its own, and an orphan.
    let script = """
      trap 'exit 5' TERM
      sleep 1000 & echo $! >> $F/ids
      setsid sleep 1000 & echo $! >> $F/ids
      (setsid sh -c 'sleep 1000 & echo $! >> $F/ids') 
      echo $$ >> $F/ids
      touch $F/ready
      while :; do sleep 0.05; done
      """
    let command = try GuardedCommand(plan(script))
    wait(for: "ready")
    let ids = try processes("ids")
    #expect(ids.count == 4)
    command.end()
    #expect(ends(command) == ["started", "ended with exit code 5", "gone"])
    waitUntilGone(ids)
  }

  @Test func whatACommandLeavesRunningEndsWithIt() throws {
    let command = try GuardedCommand(plan("setsid sleep 1000 & echo $! >> $F/ids; sleep 1000 & echo $! >> $F/ids"))
    #expect(ends(command) == ["started", "ended with exit code 0", "gone"])
    waitUntilGone(try processes("ids"))
  }

  @Test func whoDoesNotEndIsKilled() throws {
    let stubborn =
      "trap '' TERM; (trap '' TERM; setsid sleep 1000 & echo $! >> $F/ids); touch $F/ready; while :; do sleep 0.05; done"
    var command = try GuardedCommand(plan(stubborn, grace: 0.2))
    wait(for: "ready")
    command.end()
    #expect(ends(command)[1].contains("signal 9"))
    waitUntilGone(try processes("ids"))
    try FileManager.default.removeItem(atPath: folder + "/ready")
    // At once, where that is asked for.
    command = try GuardedCommand(plan(stubborn, grace: 86_400))
    wait(for: "ready")
    command.end()
    command.kill()
    #expect(ends(command)[1].contains("signal 9"))
    waitUntilGone(try processes("ids"))
  }

  @Test func theEndOfTheLineEndsAll() throws {
    let script = "setsid sleep 1000 & echo $! >> $F/ids; echo $$ >> $F/ids; touch $F/ready; sleep 1000"
    var command: GuardedCommand? = try GuardedCommand(plan(script))
    wait(for: "ready")
    // Another's guardian does not hold it open.
    let other = try GuardedCommand(plan("sleep 1000"))
    #expect(command != nil)
    command = nil
    waitUntilGone(try processes("ids"))
    other.kill()
    #expect(ends(other).last == "gone")
  }

  @Test func aKilledGuardianTakesItsCommandAlong() throws {
    let command = try GuardedCommand(
      plan("echo $PPID >> $F/guardian; echo $$ >> $F/ids; touch $F/ready; exec sleep 1000"))
    wait(for: "ready")
    for guardian in try processes("guardian") { kill(guardian, SIGKILL) }
    #expect(ends(command).last == "lost")
    waitUntilGone(try processes("ids"))
  }

  @Test func aDescriptorIsKeptUntilAllHaveEnded() throws {
    var ends: [Int32] = [-1, -1]
    #expect(cairn_pipe(&ends) == 0)
    var kept = plan("touch $F/ready; sleep 1000")
    kept.kept = ends[1]
    let command = try GuardedCommand(kept)
    close(ends[1])
    wait(for: "ready")
    var byte: UInt8 = 0
    #expect(read(ends[0], &byte, 1) == -1 && errno == EAGAIN)
    command.kill()
    #expect(self.ends(command).last == "gone")
    while read(ends[0], &byte, 1) != 0 { usleep(1000) }
    close(ends[0])
  }
}
