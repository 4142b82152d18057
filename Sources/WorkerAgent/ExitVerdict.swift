import Foundation
import JSONText

/// How a command's first process ended.
enum CommandEnd: Sendable, Hashable {
  case exit(Int)
  case signal(Int)

  /// From a status as `waitpid` gives it.
  init(status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .exit(Int(status >> 8 & 0xFF)) : .signal(Int(signal))
  }

  /// As a sentence about the command has it.
  var description: String {
    switch self {
    case .exit(let code): "ended with exit code \(code)"
    case .signal(let number): "was ended by signal \(number) (\(String(cString: strsignal(Int32(number)))))"
    }
  }

  /// Whether SIGKILL ended it, or, as its shell tells, what it ran.
  var isKilled: Bool { self == .signal(9) || self == .exit(137) }
}

/// What a worker tells of a trial.
enum TrialResult: Sendable, Hashable {
  case metrics(JSONObject)
  case infeasible(String)
  case failure(String, class: FailureClass)
}

/// The classes of failures that a worker tells.
enum FailureClass: String, Sendable, Hashable {
  case error, lost, io
  case outOfMemory = "out_of_memory"
}

/// What the exit codes of a command mean, and where its result is.
struct ExitRules: Sendable, Hashable {
  var objective: String
  var infeasible: Set<Int> = []
  var retry: Set<Int> = []
  /// The person's pattern, for sentences.
  var pattern: String?
}

/// What a command left when it ended.
struct CommandRemains {
  var end: CommandEnd
  /// The bytes of CAIRN_RESULT; nil where there is no such file.
  var file: [UInt8]?
  var found: OutputScanner.Findings
  /// Whether the kernel killed processes for memory while the command ran.
  var hadMemoryKill = false
  /// Set where the worker ended it for its time, in seconds.
  var timeout: Double?
}

/// Says what came of a trial.
enum ExitVerdict {
  /// What is between a sentence and the lines below it.
  static let tailMark = "; its last lines:"

  static func result(_ remains: CommandRemains, _ rules: ExitRules) -> TrialResult {
    if let seconds = remains.timeout {
      return .failure(
        withTail("The command was ended after \(JSONNumber.text(seconds)) seconds (--timeout)", remains), class: .error)
    }
    if case .exit(let code) = remains.end {
      if code == 0 { return told(remains, rules) }
      if rules.infeasible.contains(code) {
        return .infeasible(withTail("The command \(remains.end.description)", remains, lines: 1))
      }
      if rules.retry.contains(code) { return failure(remains, .lost) }
    }
    if remains.end.isKilled, remains.hadMemoryKill { return failure(remains, .outOfMemory) }
    return failure(remains, remains.end.isKilled ? .lost : .error)
  }

  private static func failure(_ remains: CommandRemains, _ kind: FailureClass) -> TrialResult {
    let reason =
      kind == .outOfMemory
      ? "The kernel ended the command because memory was exhausted" : "The command \(remains.end.description)"
    return .failure(withTail(reason, remains), class: kind)
  }

  /// The result of a command that ended well.
  private static func told(_ remains: CommandRemains, _ rules: ExitRules) -> TrialResult {
    if let bytes = remains.file {
      guard let object = ResultText.object(bytes) else {
        return .failure("The command wrote CAIRN_RESULT, which is not a JSON object", class: .error)
      }
      return verdict(object, "CAIRN_RESULT", rules)
    }
    if let object = remains.found.result { return verdict(object, "the last JSON object on standard output", rules) }
    if let match = remains.found.match { return verdict(match, rules) }
    return .failure(withTail(missing(remains, rules), remains), class: .error)
  }

  private static func missing(_ remains: CommandRemains, _ rules: ExitRules) -> String {
    var sentence = "The command ended with exit code 0 and told no result: it wrote no file CAIRN_RESULT"
    sentence += rules.pattern.map { ", nothing matches --result-regex \"\($0)\"," } ?? ""
    sentence += " and no line of its standard output is a JSON object such as {\"\(rules.objective)\": 0.5}"
    if let wrong = remains.found.wrongLine { sentence += "; \(wrong)" }
    return sentence
  }

  private static func verdict(_ match: String, _ rules: ExitRules) -> TrialResult {
    let text = match.trimmingCharacters(in: .whitespaces)
    if ResultText.isNotFinite(text) { return .infeasible("diverged") }
    guard let value = Double(text) else {
      return .failure("--result-regex found \"\(text.prefix(100))\", which is not a number", class: .error)
    }
    return value.isFinite ? .metrics(JSONObject([(rules.objective, .number(value))])) : .infeasible("diverged")
  }

  private static func verdict(_ object: JSONObject, _ place: String, _ rules: ExitRules) -> TrialResult {
    if let reason = object["infeasible"]?.stringValue { return .infeasible(reason) }
    switch object[rules.objective] {
    case .number: break
    case .string(let text) where ResultText.isNotFinite(text): return .infeasible("diverged")
    case nil:
      return .failure(
        "The result in \(place) has no \"\(rules.objective)\", the objective of the study: "
          + String(JSONValue.object(object).text.prefix(300)), class: .error)
    case let value?:
      return .failure(
        "The result in \(place) has a \"\(rules.objective)\" that is not a number: \(value.text.prefix(300))",
        class: .error)
    }
    // Others that are no numbers, such as a name, are no metrics.
    return .metrics(JSONObject(object.members.filter { $0.value.numberValue != nil }.map { ($0.name, $0.value) }))
  }

  private static func withTail(_ reason: String, _ remains: CommandRemains, lines: Int = 20) -> String {
    let tail = remains.found.tail.suffix(lines)
    return tail.isEmpty ? reason : reason + (lines == 1 ? ": " : tailMark + "\n") + tail.joined(separator: "\n")
  }
}
