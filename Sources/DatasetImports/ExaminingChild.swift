import DataFacts
import Datasets
import Foundation

/// What `cairn examine` does: it looks at a data set's files for the service, which reads them only afterwards.
public enum ExaminingChild {
  /// What came of it.
  struct Finding: Codable {
    var facts: DatasetFacts?
    /// What is wrong with the files.
    var fault: DatasetError?
    /// What the machine did not let happen.
    var storageFault: StorageFault?

    /// Examines files in this process.
    init(_ examination: DatasetExamination) throws {
      do { facts = try examination.perform() } catch let error as DatasetError {
        fault = error
      } catch let error as StorageFault {
        storageFault = error
      }
    }
  }

  /// Reads an examination, one line of JSON, from a descriptor, and writes the finding by `write`, which is false where it
  /// could not. False where nobody asks, or where nobody could be told.
  ///
  /// Ends the process where the descriptor ends while the files are read, and where they take too much processor time.
  public static func run(input: Int32 = 0, write: ([UInt8]) -> Bool) throws -> Bool {
    guard let line = line(input) else { return false }
    // The service keeps the input open while it waits; when it is gone, nobody does.
    Thread.detachNewThread {
      _ = read(input)
      _exit(1)
    }
    let examination = try JSONDecoder().decode(DatasetExamination.self, from: line)
    limitTime(for: examination.files)
    // The service takes half a finding for a damaged file: it must learn of a failure by the status.
    return write(try answer(to: examination))
  }

  /// The first line of a descriptor; nil where it ends before: the service has ended, and there is nobody to tell.
  static func line(_ input: Int32) -> Data? {
    var line = Data()
    repeat {
      let piece = read(input)
      if piece.isEmpty { return nil }
      line += piece
    } while line.last != UInt8(ascii: "\n")
    return line
  }

  /// The finding of an examination as bytes.
  static func answer(to examination: DatasetExamination) throws -> [UInt8] {
    [UInt8](try JSONEncoder().encode(try Finding(examination)))
  }

  /// What comes next on a descriptor; empty at its end, or where it cannot be read.
  private static func read(_ input: Int32) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(input, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      return Array(buffer.prefix(max(0, count)))
    }
  }

  /// Has the kernel end this process where a damaged file makes a library loop forever. A common machine reads 100 MB in a
  /// second, and takes 10 seconds for the most that a small file may unpack to; slower ones are given time.
  private static func limitTime(for files: [DatasetFile]) {
    let seconds = secondsAllowed(for: files)
    var limit = rlimit(rlim_cur: seconds, rlim_max: seconds)
    setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
  }

  static func secondsAllowed(for files: [DatasetFile]) -> rlim_t {
    let bytes = files.reduce(0) { sum, file in
      var status = stat()
      return stat(file.path, &status) == 0 ? sum + Int(status.st_size) : sum
    }
    return rlim_t(60 + bytes / 10_000_000)
  }
}
