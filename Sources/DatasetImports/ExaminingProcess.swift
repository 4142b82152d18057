import DataFacts
import Datasets
import Foundation

/// Has files examined by a process of their own: a large data set takes no memory of the service's, and a damaged file
/// that a library fails on ends that process alone.
public struct ExaminingProcess: Sendable {
  private static let subject = "The process that examines data sets"

  private let program: String
  private let arguments: [String]

  /// By default this very program, even where its file was replaced since, as `cairn examine`.
  public init(program: String = "/proc/self/exe", arguments: [String] = ["cairn", "examine"]) {
    self.program = program
    self.arguments = arguments
  }

  /// Blocks until the child exits; call from a thread that may block. Throws what the child found wrong with the files;
  /// a child that gave no whole answer is taken for a victim of damaged files.
  @Sendable public func examine(_ examination: DatasetExamination) throws -> DatasetFacts {
    let question = try JSONEncoder().encode(examination)
    let (answer, status) = try run(question)
    // What the loader ends with where it lacks files or memory; nothing of the data set was read.
    if status == 127 << 8 { throw StorageFault(code: EAGAIN, .run, Self.subject) }
    guard status == 0, let finding = try? JSONDecoder().decode(ExaminingChild.Finding.self, from: answer) else {
      let names = examination.files.map(\.name).joined(separator: ", ")
      throw DatasetError(
        foundElsewhere:
          "\(names): the files could not be read to their end; they are damaged, or too large for this machine")
    }
    if let fault = finding.storageFault { throw fault }
    if let fault = finding.fault { throw fault }
    guard let facts = finding.facts else { throw DatasetError(foundElsewhere: "The files are not right") }
    return facts
  }

  /// Runs the program; gives its output and its status as `waitpid` does.
  private func run(_ input: Data) throws -> (output: Data, status: Int32) {
    let line = try ProcessLine(Self.subject)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, line.theirs, 0)
    posix_spawn_file_actions_adddup2(&actions, line.theirs, 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The service leaves its signals to its own handlers, which the other process has not got. What ends the service is
    // often sent to both, and must not look like a damaged file: it is held back, the end of the input does instead.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    // This process exists to crash on damaged files, so suppress Swift's backtrace.
    let environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    var settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for word in words + settings { free(word) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, program, &actions, &attributes, &words, &settings)
    guard code == 0 else { throw StorageFault(code: code, .run, Self.subject) }
    line.closeTheirs()
    let isAsked = line.write(input + [UInt8(ascii: "\n")])
    let output = line.readToEnd()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    // It ends so where it was asked nothing; nothing of the data set was read.
    if !isAsked, status == 1 << 8 { throw StorageFault(code: EAGAIN, .run, Self.subject) }
    return (output, status)
  }
}
