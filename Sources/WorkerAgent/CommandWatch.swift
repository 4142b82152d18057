import Foundation

/// Watches one command from its start until none of its processes is left: reads what it writes, ends it where it has to
/// stop, and says what came of it. Blocks; runs on a thread of its own.
struct CommandWatch {
  var desk: TrialDesk
  var folder: TrialFolder
  var rules: CommandRules
  var pattern: ResultPattern?
  var memoryKills = MemoryKills.ofThisProcess

  /// How long output is left unread where the service is behind, in milliseconds.
  private static let pause: Int32 = 50

  private struct Progress {
    /// What is open still.
    var streams: [(descriptor: Int32, stream: OutputStream)]
    var process: Int32 = 0
    var end: CommandEnd?
    var isGone = false
    var isTimedOut = false
    var hasAsked = false
    var hasKilled = false
  }

  /// Runs a command; throws the error number where it cannot be run. Then nothing is told to the desk.
  func run(_ plan: CommandPlan) throws(CommandStartError) {
    let killsBefore = memoryKills.count
    let deadline = rules.timeout.map { Moment.now + $0 }
    let command = try GuardedCommand(plan)
    var scanner = OutputScanner(pattern: pattern)
    var progress = Progress(streams: [(command.output, .output), (command.error, .error)])
    while !progress.isGone {
      wait(command, progress, deadline)
      // Before the news: what was written before the end is read before it.
      if !desk.isFull { read(&progress, &scanner) }
      while let news = command.news(), !progress.isGone { try take(news, &progress) }
      if let deadline, Moment.now >= deadline, progress.end == nil, !progress.isTimedOut {
        progress.isTimedOut = true
        desk.timeIsUp()
      }
      obey(command, &progress)
    }
    // Nobody is left to write; what a process elsewhere may still hold open is not waited for.
    while read(&progress, &scanner) {}
    scanner.finish()
    desk.wrote([], scanner.takeMeasurements())
    desk.ended(result(progress, scanner.found, killsBefore))
  }

  private func wait(_ command: GuardedCommand, _ progress: Progress, _ deadline: Double?) {
    let isFull = desk.isFull
    let streams = isFull ? [] : progress.streams.map(\.descriptor)
    var awaited = ([command.line, desk.wake] + streams).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let left = deadline.map { max(0, $0 - Moment.now) * 1000 } ?? .infinity
    let most = isFull ? Double(Self.pause) : progress.isTimedOut || left > 60_000 ? 60_000 : left.rounded(.up)
    poll(&awaited, nfds_t(awaited.count), Int32(most))
  }

  private func take(_ news: GuardedCommand.News, _ progress: inout Progress) throws(CommandStartError) {
    switch news {
    case .started(let process): progress.process = process
    case .refused(let code): throw CommandStartError(code: code)
    case .ended(let end): progress.end = end
    case .gone: progress.isGone = true
    case .guardianLost:
      // The kernel ends the command's first process; the others of its group are ended here.
      if progress.end == nil, progress.process > 0 { kill(-progress.process, SIGKILL) }
      progress.isGone = true
    }
  }

  private func obey(_ command: GuardedCommand, _ progress: inout Progress) {
    // Looked at below; it would be ready for ever.
    var count: UInt64 = 0
    _ = Glibc.read(desk.wake, &count, 8)
    let order = desk.order
    if order.mustKill, !progress.hasKilled {
      progress.hasKilled = true
      command.kill()
    }
    guard order.stop != nil, !progress.hasAsked else { return }
    progress.hasAsked = true
    command.end()
  }

  /// Reads what both streams have now; false where they have nothing.
  @discardableResult
  private func read(_ progress: inout Progress, _ scanner: inout OutputScanner) -> Bool {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    for (descriptor, stream) in progress.streams {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) {
        progress.streams.removeAll { $0.stream == stream }
      }
      guard count > 0 else { continue }
      scanner.feed(buffer[..<count], of: stream)
      all += buffer[..<count]
    }
    guard !all.isEmpty else { return false }
    desk.wrote(all, scanner.takeMeasurements())
    rules.show?(all)
    return true
  }

  /// What came of the command; nil where the worker ended it, so that nothing is to be told.
  private func result(_ progress: Progress, _ found: OutputScanner.Findings, _ killsBefore: Int?) -> TrialResult? {
    let stop = desk.order.stop
    guard stop == nil || stop == .timeout else { return nil }
    guard let end = progress.end else {
      return .failure("The process that guards the command was killed, and the command with it", class: .lost)
    }
    let hadKill = memoryKills.count.flatMap { now in killsBefore.map { now > $0 } } ?? false
    let remains = CommandRemains(
      end: end, file: folder.result, found: found, hadMemoryKill: hadKill,
      timeout: progress.isTimedOut ? rules.timeout : nil)
    return ExitVerdict.result(remains, rules.exits)
  }
}
