import APIClient
import ArgumentParser
import Foundation
import Promises
import WorkerAgent

/// `cairn worker`: runs a command for the trials of an external study.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Runs a command for each trial of a study whose model.kind is external.",
    discussion: """
      The words behind -- are the command; {name} in them becomes the value of a parameter:

        cairn worker --server http://127.0.0.1:8080 --study lr -- python train.py --lr {learning_rate}

      The command tells its result by the last line of its standard output that is a JSON object, as {"accuracy": 0.93}, by \
      the file that CAIRN_RESULT names, or by what --result-regex finds. Lines as `cairn step=100 accuracy=0.91` are \
      measurements on the way. CAIRN_TOKEN has no flag, because others can see a command line; --token-file names a file.
      """)

  @Option(
    help: ArgumentHelp(
      "The address of the service. [CAIRN_SERVER] (default: http://127.0.0.1:8080)", valueName: "url"))
  var server: String?

  @Option(help: ArgumentHelp("The study that trials are asked of.", valueName: "name"))
  var study: String

  @OptionGroup(title: "What runs at once, and for how long") var limits: WorkerLimitOptions

  @OptionGroup(title: "What the command means") var meaning: WorkerMeaningOptions

  @Option(
    help: ArgumentHelp(
      "What the names of this worker's slots begin with; no two workers may share one. (default: HOST-PID)",
      valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Where trials have their folders, which are kept until a trial has an outcome. (default: one of this user's own among "
        + "the temporary files)", valueName: "folder"))
  var scratch: String?

  @Option(help: ArgumentHelp("A file that contains the token. [CAIRN_TOKEN is the token itself]", valueName: "file"))
  var tokenFile: String?

  @Flag(help: "Show on standard error what the commands write.")
  var verbose = false

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The command and its words, behind --; {{name}} is a literal {name}.", valueName: "command"))
  var command: [String] = []

  func run() async throws {
    do {
      let options = try options()
      let console = WorkerConsole(isVerbose: verbose)
      let stop = WorkerStop()
      try WorkerSignals.watch(stop, patience: options.grace + Worker.patience, console)
      let worker = Worker(options, voice: console.voice, stop: stop)
      // The worker blocks, which no thread of the concurrency runtime may.
      let result = await Promise<Result<String, WorkerRefusal>>.kept { promise in
        Thread.detachNewThread {
          promise.keep(Result { () throws(WorkerRefusal) in try worker.run() })
        }
      }
      console.tell(try result.get())
    } catch let error as PlainError {
      try Self.end(error.description)
    } catch let error as WorkerRefusal {
      try Self.end(error.description)
    }
  }

  private static func end(_ sentence: String) throws {
    StandardStream.error.say("cairn: \(sentence)")
    throw ExitCode(1)
  }

  private func options() throws(PlainError) -> WorkerOptions {
    guard !command.isEmpty else {
      throw PlainError("there is no command; give it behind --, as in: cairn worker --study x -- ./train.sh {lr}.")
    }
    let text = try Setting("CAIRN_SERVER").value(server, { $0 }, "an address") ?? "http://127.0.0.1:8080"
    let address: APIAddress
    do { address = try APIAddress(text) } catch { throw PlainError("--server: \(error).") }
    var options = WorkerOptions(address: address, study: study, command: command, version: Version.text)
    options.token = try AccessToken.shown(file: tokenFile, variable: Setting("CAIRN_TOKEN").text)
    options.name = name
    options.scratch = scratch
    try limits.apply(to: &options)
    try meaning.apply(to: &options)
    return options
  }
}
