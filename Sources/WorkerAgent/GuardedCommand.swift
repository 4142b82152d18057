import CSystem
import Foundation

/// What is to be run.
struct CommandPlan: Sendable {
  /// The file, as `execve` takes it.
  var program: String
  var words: [String]
  var environment: [String: String]
  /// A descriptor that stays open until every process of the command has ended, or -1.
  var kept: Int32 = -1
  /// From SIGTERM to SIGKILL, in seconds.
  var grace: Double
}

/// A command that runs below a guardian; used by one thread.
final class GuardedCommand {
  enum News {
    case started(process: Int32)
    case refused(code: Int32)
    case ended(CommandEnd)
    case gone
    /// The guardian was killed.
    case guardianLost
  }

  /// Ends of pipes to read, which do not wait.
  let output: Int32
  let error: Int32
  /// What is readable when there is news.
  let line: Int32
  private let guardian: pid_t

  /// Starts it; throws the error number where the machine has no process or no descriptor to give.
  init(_ plan: CommandPlan) throws(CommandStartError) {
    let output = try Self.pipe()
    let error: (read: Int32, write: Int32)
    do { error = try Self.pipe() } catch {
      close(output.read)
      close(output.write)
      throw error
    }
    var words: [UnsafeMutablePointer<CChar>?] = plan.words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = plan.environment.map { strdup("\($0)=\($1)") } + [nil]
    let program = strdup(plan.program)
    defer { for text in words + variables + [program] { free(text) } }
    var guardian: pid_t = 0
    let line = words.withUnsafeMutableBufferPointer { words in
      variables.withUnsafeMutableBufferPointer { variables in
        var command = cairn_guarded(
          program: program, arguments: words.baseAddress, environment: variables.baseAddress, output: output.write,
          error: error.write, kept: plan.kept, grace_milliseconds: Int32(min(plan.grace * 1000, 2e9)))
        return cairn_guard_start(&command, &guardian)
      }
    }
    let code = errno
    close(output.write)
    close(error.write)
    guard line >= 0 else {
      close(output.read)
      close(error.read)
      throw CommandStartError(code: code)
    }
    (self.output, self.error, self.line, self.guardian) = (output.read, error.read, line, guardian)
  }

  /// Closes the line, upon which a guardian that is still there ends every process, and waits until it is gone.
  deinit {
    for descriptor in [output, error, line] { close(descriptor) }
    var status: Int32 = 0
    while waitpid(guardian, &status, 0) < 0, errno == EINTR {}
  }

  private static func pipe() throws(CommandStartError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard cairn_pipe(&ends) == 0 else { throw CommandStartError(code: errno) }
    return (ends[0], ends[1])
  }

  /// SIGTERM for every process, and SIGKILL after the grace.
  func end() { _ = cairn_guard_ask(line, CChar(UInt8(ascii: "T"))) }

  /// SIGKILL for every process.
  func kill() { _ = cairn_guard_ask(line, CChar(UInt8(ascii: "K"))) }

  /// The next news; nil where there are none yet.
  func news() -> News? {
    var report = cairn_guard_report()
    switch cairn_guard_receive(line, &report) {
    case 1: break
    case 0: return .guardianLost
    default: return errno == EAGAIN ? nil : .guardianLost
    }
    switch UInt32(report.news) {
    case cairn_guard_started.rawValue: return .started(process: report.value)
    case cairn_guard_refused.rawValue: return .refused(code: report.value)
    case cairn_guard_ended.rawValue: return .ended(CommandEnd(status: report.value))
    default: return .gone
    }
  }
}

/// Why no process could be started.
struct CommandStartError: Error, Sendable, Hashable {
  var code: Int32
}
