import ArgumentParser
import Foundation

/// The command line.
@main
struct Cairn: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cairn",
    abstract: "Tunes hyper-parameters over HTTP: POST a study, watch its trials, read the best points.",
    discussion: """
      Start the service with `cairn serve`, open the address that it prints in a browser, and POST a study:

        curl -d @examples/first-study.json http://127.0.0.1:8080/v1/studies
      """,
    version: Version.text,
    subcommands: [ServeCommand.self, WorkerCommand.self, HealthCommand.self, ExamineCommand.self])

  /// Runs the command line; what is wrong with it is told in one sentence, without the usage that `--help` shows.
  static func main() async {
    // A reader of ours that has gone is an error of the write, and no reason to die.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch {
      let message = message(for: error)
      if exitCode(for: error) == .success || error is ExitCode || message.isEmpty { exit(withError: error) }
      StandardStream.error.say("cairn: \(message)\(message.hasSuffix("?") || message.hasSuffix(".") ? "" : ".")")
      exit(withError: ExitCode(exitCode(for: error).rawValue))
    }
  }
}
