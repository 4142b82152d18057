import ArgumentParser
import Foundation
import Logging
import NumericKernels
import TrialExecution

/// `cairn serve`: runs the service until SIGINT or SIGTERM.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Runs the service until Ctrl-C.",
    discussion: """
      Every flag may also be given as an environment variable, named in brackets; the flag wins. CAIRN_TOKEN has no \
      flag, because others can see a command line: with it set, callers need `Authorization: Bearer TOKEN`, and the \
      service may listen on an address that others reach. CAIRN_ISA sets the instructions that training uses \
      (avx512, avx2, neon or baseline), for comparisons; without it the service uses the best that the machine has.
      """)

  @Option(
    help: ArgumentHelp(
      "Where to listen; port 0 takes any free one. [CAIRN_LISTEN] (default: 127.0.0.1:8080)", valueName: "host:port"))
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "The SQLite file that keeps everything; made if it is not there. [CAIRN_DATABASE] (default: cairn.sqlite)",
      valueName: "file"))
  var database: String?

  @Option(
    help: ArgumentHelp(
      "A folder with data sets: the course's train_catvnoncat.h5 and test_catvnoncat.h5, MNIST's IDX files, NAME.csv. "
        + "[CAIRN_DATA_FOLDER] (default: none; the built-in images are always there)", valueName: "folder"))
  var dataFolder: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many trials train at once. [CAIRN_WORKERS] (default: one for each processor that the process may use, by its "
        + "affinity and its cgroup's quota)", valueName: "count"))
  var workers: Int?

  @Option(
    help: ArgumentHelp(
      "The most memory that one trial may need; larger definitions are refused. [CAIRN_TRIAL_MEMORY] (default: 4GiB)",
      valueName: "bytes"))
  var trialMemory: String?

  @Option(
    help: ArgumentHelp(
      "The folder of the results page. [CAIRN_PUBLIC] (default: share/cairn/public beside the executable's folder, "
        + "else the checkout's)", valueName: "folder"))
  var `public`: String?

  @Option(
    help: ArgumentHelp(
      "What to log on standard error: trace, debug, info, notice, warning, error. [CAIRN_LOG_LEVEL] (default: notice)",
      valueName: "level"))
  var logLevel: String?

  @Flag(
    help: ArgumentHelp(
      "Where CAIRN_TOKEN is not set, take the token from DATABASE.token; the first start makes one there and prints it "
        + "once. [CAIRN_MAKE_TOKEN=1]"))
  var makeToken = false

  @OptionGroup(title: "Limits of the HTTP server") var limits: LimitOptions

  @OptionGroup(title: "Proxies and names") var proxy: ProxyOptions

  @OptionGroup(title: "Data sets by URL") var imports: ImportOptions

  func run() async throws {
    do {
      try await serve(until: Signals())
    } catch let error as PlainError {
      StandardStream.error.say("cairn: \(error.description)")
      throw ExitCode(1)
    }
  }

  private func serve(until signals: Signals) async throws {
    let address = try ListenAddress(
      flag: Setting("CAIRN_LISTEN").value(listen, { $0 }, "an address") ?? "127.0.0.1:8080")
    let database = try Setting("CAIRN_DATABASE").value(database, { $0 }, "a file") ?? "cairn.sqlite"
    var token = try AccessToken.given(Setting("CAIRN_TOKEN").text, isLoopback: address.isLoopback)
    let makesToken = token == nil && (makeToken || Setting("CAIRN_MAKE_TOKEN").text == "1")
    if makesToken { token = try AccessToken.kept(beside: database) }
    guard token != nil || makesToken || address.isLoopback else {
      throw PlainError(
        "listening on \(address.host) lets other machines connect: set CAIRN_TOKEN to a secret or give "
          + "--make-token, or listen on 127.0.0.1.")
    }
    do {
      _ = try InstructionSet.chosen(Setting("CAIRN_ISA").text)
    } catch {
      throw PlainError(error.description)
    }
    let workers =
      try Setting("CAIRN_WORKERS").value(workers, Int.init, "a number of threads")
      ?? min(1024, AllowedProcessors.count())
    guard (1...1024).contains(workers) else {
      throw PlainError("--workers is \(workers); it should be from 1 to 1024.")
    }
    let memory = try Setting("CAIRN_TRIAL_MEMORY").value(trialMemory, { $0 }, "a size") ?? "4GiB"
    guard let memory = ByteCount(memory) else {
      throw PlainError("--trial-memory is \"\(memory)\"; it should be a size such as 4GiB or 512MiB.")
    }
    let level = try Setting("CAIRN_LOG_LEVEL").value(logLevel, { $0 }, "a level") ?? "notice"
    guard let level = Logger.Level(rawValue: level) else {
      throw PlainError(
        "--log-level is \"\(level)\"; it should be one of trace, debug, info, notice, warning, error, critical.")
    }
    let dataFolder = try Setting("CAIRN_DATA_FOLDER").value(dataFolder, { $0 }, "a folder")
    if let dataFolder {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: dataFolder, isDirectory: &isFolder), isFolder.boolValue else {
        throw PlainError("--data-folder is \"\(dataFolder)\", which is not a folder.")
      }
    }
    try await Service(
      address: address, token: token, makesToken: makesToken, workers: workers, trialMemory: memory.bytes,
      database: database,
      dataFolder: dataFolder,
      publicFolder: try PublicFolder(given: Setting("CAIRN_PUBLIC").value(`public`, { $0 }, "a folder")),
      limits: try limits.resolved(), proxy: try proxy.resolved(), imports: try imports.resolved(), logLevel: level
    ).run(until: signals)
  }
}
