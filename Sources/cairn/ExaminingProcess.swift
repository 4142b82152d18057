import Datasets
import Foundation

/// Has files examined by a process of their own: a large data set takes no memory of the service's, and a damaged file
/// that a library fails on ends that process alone.
enum ExaminingProcess {
  /// Blocks until the child exits; call from a thread that may block.
  @Sendable static func examine(_ examination: DatasetExamination) throws -> DatasetDescription {
    let question = try JSONEncoder().encode(examination)
    let (answer, status) = try run(["cairn", "examine"], input: question)
    // What the loader ends with where it lacks files or memory; nothing of the data set was read.
    if status == 127 << 8 { throw StorageFault(code: EAGAIN, .run, processText) }
    guard status == 0, let finding = try? JSONDecoder().decode(ExamineCommand.Finding.self, from: answer) else {
      let names = examination.files.map(\.name).joined(separator: ", ")
      throw DatasetError(
        foundElsewhere:
          "\(names): the files could not be read to their end; they are damaged, or too large for this machine")
    }
    if let fault = finding.storageFault { throw fault }
    if let fault = finding.fault { throw fault }
    guard let description = finding.description else { throw DatasetError(foundElsewhere: "The files are not right") }
    return description
  }

  private static let processText = "The process that examines data sets"

  /// Runs this very program, even where its file was replaced since; gives its output and its status as `waitpid` does.
  private static func run(_ arguments: [String], input: Data) throws -> (output: Data, status: Int32) {
    let line = try Line()
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
    let code = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &words, &settings)
    guard code == 0 else { throw StorageFault(code: code, .run, processText) }
    line.closeTheirs()
    line.write(input + [UInt8(ascii: "\n")])
    let output = line.readToEnd()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return (output, status)
  }

  /// What is said in both directions; no other process inherits it.
  private final class Line {
    private let ours: Int32
    private(set) var theirs: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
      guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
        throw StorageFault(code: errno, .run, processText)
      }
      (ours, theirs) = (ends[0], ends[1])
    }

    deinit {
      closeTheirs()
      close(ours)
    }

    func closeTheirs() {
      if theirs >= 0 { close(theirs) }
      theirs = -1
    }

    /// Writes all; a process that died takes no more.
    func write(_ data: Data) {
      var rest = [UInt8](data)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(ours, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }

    func readToEnd() -> Data {
      var data = Data()
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = read(ours, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return data }
        data.append(contentsOf: buffer[..<count])
      }
    }
  }
}
