import ArgumentParser
import Datasets
import Foundation

/// `cairn examine`: what the service runs to look at a data set's files before it reads them; not for people.
struct ExamineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "examine",
    abstract: "Reads a data set's files and tells what they are; the service runs this for itself.",
    shouldDisplay: false)

  /// What came of it.
  struct Finding: Codable {
    var description: DatasetDescription?
    /// What is wrong with the files.
    var fault: DatasetError?
    /// What the machine did not let happen.
    var storageFault: StorageFault?
  }

  /// Reads an examination, one line of JSON, from standard input, and writes the finding to standard output.
  func run() throws {
    var line = Data()
    repeat {
      let piece = Self.readInput()
      // The service has ended: there is nobody to tell.
      if piece.isEmpty { throw ExitCode(1) }
      line += piece
    } while line.last != UInt8(ascii: "\n")
    // The service keeps the input open while it waits; when it is gone, nobody does.
    Thread.detachNewThread {
      _ = Self.readInput()
      _exit(1)
    }
    let examination = try JSONDecoder().decode(DatasetExamination.self, from: line)
    Self.limitTime(for: examination.files)
    var finding = Finding()
    do { finding.description = try examination.perform() } catch let error as DatasetError {
      finding.fault = error
    } catch let error as StorageFault {
      finding.storageFault = error
    }
    // The service takes half a finding for a damaged file: it must learn of a failure by the status.
    guard StandardStream.output.write([UInt8](try JSONEncoder().encode(finding))) else { throw ExitCode(1) }
  }

  /// What comes next on standard input; empty at its end, or where it cannot be read.
  private static func readInput() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      return Array(buffer.prefix(max(0, count)))
    }
  }

  /// Has the kernel end this process where a damaged file makes a library loop forever. A common machine reads 100 MB
  /// in a second, and takes 10 seconds for the most that a small file may unpack to; slower ones are given time.
  private static func limitTime(for files: [DatasetFile]) {
    let bytes = files.reduce(0) { sum, file in
      var status = stat()
      return stat(file.path, &status) == 0 ? sum + Int(status.st_size) : sum
    }
    let seconds = rlim_t(60 + bytes / 10_000_000)
    var limit = rlimit(rlim_cur: seconds, rlim_max: seconds)
    setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
  }
}
