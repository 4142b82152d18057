import JSONText
import Testing

@testable import WorkerAgent

/// What came of a command, from how it ended and what it left.
@Suite struct ExitVerdictTests {
  private let rules = ExitRules(objective: "acc", infeasible: [3, 4], retry: [75], pattern: nil)

  private func verdict(
    _ end: CommandEnd, file: String? = nil, output: String = "", pattern: String? = nil, kill: Bool = false,
    timeout: Double? = nil
  ) throws -> TrialResult {
    var scanner = OutputScanner(pattern: try pattern.map { try ResultPattern($0) })
    scanner.feed(Array(output.utf8), of: .output)
    scanner.finish()
    var rules = rules
    rules.pattern = pattern
    return ExitVerdict.result(
      CommandRemains(
        end: end, file: file.map { Array($0.utf8) }, found: scanner.found, hadMemoryKill: kill, timeout: timeout), rules
    )
  }

  private func kind(_ result: TrialResult) -> FailureClass? {
    if case .failure(_, let kind) = result { kind } else { nil }
  }

  @Test func resultsHaveAnOrder() throws {
    let output = "acc=0.1\n{\"acc\": 0.2}\n"
    #expect(
      try verdict(.exit(0), file: "{\"acc\": 0.3, \"n\": \"x\", \"k\": 1}\n", output: output, pattern: "acc=(.*)")
        == .metrics(JSONObject([("acc", 0.3), ("k", 1)])))
    #expect(try verdict(.exit(0), output: output, pattern: "acc=(.*)") == .metrics(JSONObject([("acc", 0.2)])))
    #expect(try verdict(.exit(0), output: "acc=0.1\n", pattern: "acc=(.*)") == .metrics(JSONObject([("acc", 0.1)])))
    #expect(try verdict(.exit(0), output: "{\"infeasible\": \"too wide\"}") == .infeasible("too wide"))
  }

  @Test func aTrainingThatIsNotFiniteHasDiverged() throws {
    for output in ["{\"acc\": NaN}", "{\"acc\": \"-inf\"}"] {
      #expect(try verdict(.exit(0), output: output) == .infeasible("diverged"))
    }
    #expect(try verdict(.exit(0), output: "acc=nan", pattern: "acc=(.*)") == .infeasible("diverged"))
  }

  @Test func whatIsMissingIsSaid() throws {
    for (result, words) in [
      (try verdict(.exit(0), output: "hello"), ["CAIRN_RESULT", "standard output", "{\"acc\": 0.5}", "hello"]),
      (try verdict(.exit(0), pattern: "x(.*)"), ["--result-regex \"x(.*)\""]),
      (try verdict(.exit(0), output: "cairn step=a acc=1"), ["its step is not an integer"]),
      (try verdict(.exit(0), file: ""), ["CAIRN_RESULT, which is not a JSON object"]),
      (try verdict(.exit(0), output: "{\"loss\": 1}"), ["has no \"acc\"", "{\"loss\":1}"]),
      (try verdict(.exit(0), output: "{\"acc\": null}"), ["not a number", "null"]),
      (try verdict(.exit(0), output: "acc=high", pattern: "acc=(.*)"), ["found \"high\", which is not a number"]),
    ] {
      guard case .failure(let text, .error) = result else {
        Issue.record("\(result) is no failure")
        continue
      }
      for word in words { #expect(text.contains(word), "\(text)") }
    }
  }

  @Test func exitCodes() throws {
    #expect(try verdict(.exit(3), output: "a\nwide\n") == .infeasible("The command ended with exit code 3: wide"))
    #expect(try verdict(.exit(4)) == .infeasible("The command ended with exit code 4"))
    #expect(kind(try verdict(.exit(75), output: "{\"acc\": 1}")) == .lost)
    #expect(
      try verdict(.exit(1), output: "{\"acc\": 1}\nTraceback\nError: no\n")
        == .failure(
          "The command ended with exit code 1; its last lines:\n{\"acc\": 1}\nTraceback\nError: no", class: .error))
    #expect(kind(try verdict(.signal(11))) == .error)
  }

  @Test func killsForMemoryAreTold() throws {
    #expect(kind(try verdict(.signal(9), kill: true)) == .outOfMemory)
    #expect(kind(try verdict(.exit(137), kill: true)) == .outOfMemory)
    #expect(kind(try verdict(.signal(9))) == .lost)
    #expect(kind(try verdict(.exit(137))) == .lost)
    #expect(kind(try verdict(.exit(1), kill: true)) == .error)
    #expect(kind(try verdict(.signal(9), timeout: 2)) == .error)
  }

  @Test func statusesAreRead() {
    #expect(CommandEnd(status: 0) == .exit(0))
    #expect(CommandEnd(status: 3 << 8) == .exit(3))
    #expect(CommandEnd(status: 9) == .signal(9))
    #expect(CommandEnd(status: 11 | 0x80) == .signal(11))
  }
}
