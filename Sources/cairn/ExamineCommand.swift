import ArgumentParser
import Datasets
import Foundation

/// `cairn examine`: what the service runs to look at files that were brought to it; not for people.
struct ExamineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "examine",
    abstract: "Reads a data set's files and tells what they are; the service runs this for itself.",
    shouldDisplay: false)

  /// What came of it.
  struct Finding: Codable {
    var description: DatasetDescription?
    /// What is wrong, in one sentence.
    var fault: String?
  }

  /// Reads an examination from standard input, and writes the finding to standard output.
  func run() throws {
    let examination = try JSONDecoder().decode(
      DatasetExamination.self, from: FileHandle.standardInput.readDataToEndOfFile())
    var finding = Finding()
    do { finding.description = try examination.perform() } catch let error as DatasetError {
      finding.fault = error.message
    }
    FileHandle.standardOutput.write(try JSONEncoder().encode(finding))
  }
}
