import ArgumentParser
import WorkerAgent

/// How a worker understands its command.
struct WorkerMeaningOptions: ParsableArguments {
  @Flag(
    help:
      "Run the words, joined by blanks, as a script of /bin/sh. Values are put in as the quotes around them need it; none can be a command."
  )
  var shell = false

  @Option(
    help: ArgumentHelp(
      "Finds the objective in a line of output, by its first group: 'accuracy: ([0-9.]+)'. The last match counts.",
      valueName: "pattern"))
  var resultRegex: String?

  @Option(
    help: ArgumentHelp(
      "An exit code that says that the point cannot be used; may be given more than once, or several with commas.",
      valueName: "code"))
  var infeasibleExit: [String] = []

  @Option(
    help: ArgumentHelp(
      "An exit code after which the trial is to be tried again; may be given more than once, or several with commas.",
      valueName: "code"))
  var retryExit: [String] = []

  func apply(to options: inout WorkerOptions) throws(PlainError) {
    options.usesShell = shell
    options.resultPattern = resultRegex
    options.infeasibleExits = try codes("--infeasible-exit", infeasibleExit)
    options.retryExits = try codes("--retry-exit", retryExit)
    if let both = options.infeasibleExits.first(where: options.retryExits.contains) {
      throw PlainError("exit code \(both) is given by --infeasible-exit and by --retry-exit; it can have one meaning.")
    }
  }

  private func codes(_ flag: String, _ texts: [String]) throws(PlainError) -> [Int] {
    var codes: [Int] = []
    for text in texts.flatMap({ $0.split(separator: ",") }) {
      guard let code = Int(text.filter { $0 != " " }), (1...255).contains(code) else {
        throw PlainError("\(flag) has \"\(text)\"; it should be an exit code from 1 to 255.")
      }
      codes.append(code)
    }
    return codes
  }
}
