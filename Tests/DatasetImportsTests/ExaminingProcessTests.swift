import DataFacts
import Dispatch
import Foundation
import Promises
import Testing

@testable import DatasetImports
@testable import Datasets

/// What the service makes of each thing that an examining process can do. Shells play that process.
@Suite(.timeLimit(.minutes(10))) struct ExaminingProcessTests {
  private let bench: ImportBench
  private let examination: DatasetExamination

  init() throws {
    bench = try ImportBench()
    examination = DatasetExamination(
      name: "iris", format: "csv", scaling: .none, files: [DatasetFile(path: try bench.write("table.csv"))],
      limits: .standard, rules: nil)
  }

  /// What comes of a child that reads the question and then runs `script`; not on a cooperative thread, as it waits.
  private func ask(_ script: String) async throws -> DatasetFacts {
    let examination = examination
    return try await DispatchQueue.global().value {
      Result {
        try ExaminingProcess(program: "/bin/sh", arguments: ["sh", "-c", "read question; " + script])
          .examine(examination)
      }
    }.get()
  }

  /// A file that holds what a child should say.
  private func answer(_ name: String, _ bytes: [UInt8]) throws -> String {
    try bench.write(name, String(decoding: bytes, as: UTF8.self))
  }

  private var good: [UInt8] { get throws { try ExaminingChild.answer(to: examination) } }

  private func expectDamaged(_ script: String) async throws {
    let error = await #expect(throws: DatasetError.self) { try await ask(script) }
    #expect(
      error?.message
        == "table.csv: the files could not be read to their end; they are damaged, or too large for this machine.",
      "\(script)")
  }

  @Test func aGoodAnswerIsTheDescription() async throws {
    let path = try answer("good", good)
    let facts = try await ask("cat \(path)")
    #expect(try facts == examination.perform() && facts.examples == 3)
  }

  @Test func theQuestionIsTheExamination() async throws {
    let path = try answer("good", good)
    _ = try await ask("printf '%s' \"$question\" > \(bench.folder)/question; cat \(path)")
    let question = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/question"))
    #expect(try JSONDecoder().decode(DatasetExamination.self, from: question) == examination)
  }

  @Test func whatIsWrongIsTold() async throws {
    var wrong = examination
    wrong.format = "none"
    let path = try answer("wrong", ExaminingChild.answer(to: wrong))
    let error = await #expect(throws: DatasetError.self) { try await ask("cat \(path)") }
    #expect(error?.message == "There is no format none.")
  }

  @Test func whatTheMachineRefusesIsNoFaultOfTheFiles() async throws {
    let fault = StorageFault(code: EMFILE, .read, "table.csv")
    let path = try answer(
      "fault", Array(#"{"storageFault":"#.utf8) + [UInt8](JSONEncoder().encode(fault)) + Array("}".utf8))
    #expect(await #expect(throws: StorageFault.self) { try await ask("cat \(path)") } == fault)
    // A loader that finds no memory or files for libraries ends so.
    let loader = await #expect(throws: StorageFault.self) { try await ask("exit 127") }
    #expect(loader?.code == EAGAIN && loader?.action == .run)
    let missing = ExaminingProcess(program: bench.folder + "/none", arguments: ["none"])
    let none = #expect(throws: StorageFault.self) { try missing.examine(examination) }
    #expect(none?.code == ENOENT && none?.action == .run)
  }

  @Test(arguments: ["SEGV", "ABRT", "KILL", "XCPU"]) func aCrashIsDamage(_ signal: String) async throws {
    try await expectDamaged("kill -\(signal) $$")
    // Also after an answer: who dies cannot be believed.
    let path = try answer("good", good)
    try await expectDamaged("cat \(path); kill -\(signal) $$")
  }

  @Test func garbageIsDamage() async throws {
    let path = try answer("good", good)
    for script in [
      "true", "echo hello", "head -c 40 \(path)", "cat \(path) \(path)", "printf '\\377\\376\\000'",
      "cat \(path); exit 1",
      "exit 3",
    ] {
      try await expectDamaged(script)
    }
    let nothing = await #expect(throws: DatasetError.self) { try await ask("echo '{}'") }
    #expect(nothing?.message == "The files are not right.")
  }

  /// A process that loops for ever is ended by the limit that it sets itself.
  @Test func tooMuchProcessorTimeIsDamage() async throws { try await expectDamaged("ulimit -t 1; while :; do :; done") }

  @Test func aLongAnswerIsReadToItsEnd() async throws {
    // More than any buffer between two processes holds.
    let classes = (0..<40_000).map { "a class with a long name, number \($0)" }
    let rows = classes.enumerated().map { "\($0.offset),\"\($0.element)\"\n" }.joined()
    var wide = examination
    wide.files = [DatasetFile(path: try bench.write("wide.csv", "a,label\n" + rows))]
    wide.limits.classes = 50_000
    let bytes = try ExaminingChild.answer(to: wide)
    #expect(bytes.count > 1 << 20)
    let path = try answer("long", bytes)
    #expect(try await ask("cat \(path)").classes.count == 40_000)
  }

  /// A child that does not listen cannot end the service by a broken line.
  @Test func aChildThatDoesNotReadIsDamage() async throws {
    let examination = examination
    for script in ["exit 0", "exec 0<&-; exec 1>&-; exit 0"] {
      let error = await #expect(throws: DatasetError.self) {
        try await DispatchQueue.global().value {
          Result { try ExaminingProcess(program: "/bin/sh", arguments: ["sh", "-c", script]).examine(examination) }
        }.get()
      }
      #expect(error?.kind == .invalid)
    }
  }

  /// What ends the service is often sent to its children too, and must not look like a damaged file: the child has both
  /// signals held back. (Shells are no help here: they let all signals through first of all.)
  @Test func signalsForTheServiceAreHeldBack() throws {
    let path = bench.folder + "/status"
    let copy = ExaminingProcess(program: "/bin/cp", arguments: ["cp", "/proc/self/status", path])
    #expect(throws: DatasetError.self) { try copy.examine(examination) }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let field = try #require(lines.first { $0.hasPrefix("SigBlk:") })
    let blocked = try #require(UInt64(field.split(separator: "\t")[1], radix: 16))
    for signal in [SIGINT, SIGTERM] { #expect(blocked >> UInt64(signal - 1) & 1 == 1) }
    #expect(blocked.nonzeroBitCount == 2)
  }

  @Test func theChildWritesNoBacktraces() async throws {
    let path = try answer("good", good)
    #expect(try await ask("test \"$SWIFT_BACKTRACE\" = enable=no && cat \(path)").examples == 3)
  }
}

/// The other side: what the examining process answers.
@Suite struct ExaminingChildTests {
  private let bench: ImportBench

  init() throws { bench = try ImportBench() }

  private func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(Glibc.pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  @Test func aQuestionIsOneLine() async throws {
    let (input, output) = try pipe()
    defer { close(input) }
    for piece in ["{\"name\":", " \"x\"}", "\n"] { #expect(write(output, piece, piece.utf8.count) == piece.utf8.count) }
    close(output)
    #expect(ExaminingChild.line(input) == Data("{\"name\": \"x\"}\n".utf8))
  }

  /// A service that has ended asks nothing.
  @Test(arguments: ["", "{\"name\": \"x\"}"]) func anEndBeforeTheLineIsNoQuestion(_ text: String) throws {
    let (input, output) = try pipe()
    defer { close(input) }
    #expect(write(output, text, text.utf8.count) == text.utf8.count)
    close(output)
    #expect(try !ExaminingChild.run(input: input) { _ in true })
  }

  private func finding(_ format: String, _ files: [DatasetFile]) throws -> ExaminingChild.Finding {
    let examination = DatasetExamination(
      name: "x", format: format, scaling: .none, files: files,
      limits: DatasetLimits(features: 100, fileBytes: 1000, classes: 10), rules: nil)
    return try JSONDecoder().decode(
      ExaminingChild.Finding.self, from: Data(ExaminingChild.answer(to: examination)))
  }

  @Test func findings() throws {
    let table = DatasetFile(path: try bench.write("table.csv"))
    let good = try finding("csv", [table])
    #expect(good.facts?.examples == 3 && good.fault == nil && good.storageFault == nil)
    for (format, file) in [
      ("idx", table), ("none", table), ("csv", DatasetFile(path: bench.folder + "/missing.csv")),
      ("csv", DatasetFile(path: try bench.write("empty.csv", ""))),
    ] {
      let found = try finding(format, [file])
      #expect(found.facts == nil && found.fault?.message.hasSuffix(".") == true, "\(format) \(file.name)")
    }
  }

  /// A minute, and a second for every 10 MB; a file that is not there counts nothing.
  @Test func largeFilesHaveMoreTime() throws {
    let file = DatasetFile(path: try bench.write("table.csv"))
    #expect(ExaminingChild.secondsAllowed(for: [file]) == 60)
    #expect(ExaminingChild.secondsAllowed(for: [DatasetFile(path: "/nowhere")]) == 60)
    let large = bench.folder + "/large"
    #expect(FileManager.default.createFile(atPath: large, contents: nil) && truncate(large, 250_000_000) == 0)
    #expect(ExaminingChild.secondsAllowed(for: [DatasetFile(path: large), file]) == 85)
  }
}
