import ArgumentParser
import DatasetImports

/// `cairn examine`: what the service runs to look at a data set's files before it reads them; not for people.
struct ExamineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "examine",
    abstract: "Reads a data set's files and tells what they are; the service runs this for itself.",
    shouldDisplay: false)

  /// Reads an examination, one line of JSON, from standard input, and writes the finding to standard output.
  func run() throws {
    guard try ExaminingChild.run(write: StandardStream.output.write) else { throw ExitCode(1) }
  }
}
