import Foundation
import SearchAlgorithms
import SearchSpace
import SearchTables

/// Runs searches on tables; `Benchmarks/search` calls it and makes statistics of what it prints.
///
///   searches fixtures FOLDER      writes the project's own tables
///   searches catalogue            the names of the algorithms
///   searches run TABLE …          JSON: what each run on a table gave
///   searches trace TABLE …        JSON: by run, the places in the table of the points that were tried, in order
@main struct Searches {
  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    switch words.first {
    case "fixtures" where words.count == 2:
      for table in FixtureTables.all { try TableFile.write(table, to: "\(words[1])/\(table.name).table") }
    case "catalogue": print(AlgorithmCatalogue.all.map(\.facts.name).joined(separator: "\n"))
    case "run" where words.count >= 2, "trace" where words.count >= 2:
      let request = try Request(Array(words.dropFirst(2)))
      let table = try TableFile.read(words[1])
      if let reason = request.unfit(table) {
        print(String(decoding: try JSONEncoder().encode(["unfit": reason]), as: UTF8.self))
        return
      }
      let runs = await measure(request, on: table)
      let encoder = JSONEncoder()
      if words[0] == "trace" {
        return print(String(decoding: try encoder.encode(runs.map(\.places)), as: UTF8.self))
      }
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      print(String(decoding: try encoder.encode(Report(runs, request)), as: UTF8.self))
    default:
      throw Fault(
        "Usage: searches fixtures FOLDER | catalogue | run TABLE --algorithm NAME … | trace TABLE --algorithm NAME …")
    }
  }

  /// All runs, as many at once as there are threads, in the order of their numbers.
  private static func measure(_ request: Request, on table: SearchTable) async -> [TableRun] {
    await withTaskGroup(of: (Int, TableRun).self) { group in
      func start(_ number: Int) {
        group.addTask {
          (
            number,
            TableRun(
              request.setting, on: table, number: request.first + number, checkpoints: request.checkpoints,
              limit: request.limit)
          )
        }
      }
      for number in 0..<min(request.threads, request.runs) { start(number) }
      var runs: [Int: TableRun] = [:]
      for await (number, run) in group {
        if runs.count + request.threads < request.runs { start(runs.count + request.threads) }
        runs[number] = run
      }
      return (0..<request.runs).compactMap { runs[$0] }
    }
  }
}

/// A fault of the command line, as a sentence.
struct Fault: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// What the command line asks for.
struct Request {
  var setting: SearchSetting
  var runs = 320
  var first = 0
  var threads = ProcessInfo.processInfo.activeProcessorCount
  var checkpoints: [Int] = []
  var limit = 2000

  init(_ words: [String]) throws {
    var values: [String: [String]] = [:]
    guard words.count.isMultiple(of: 2) else { throw Fault("Each option has one value.") }
    for place in stride(from: 0, to: words.count, by: 2) { values[words[place], default: []].append(words[place + 1]) }
    guard let name = values.removeValue(forKey: "--algorithm")?.last, let algorithm = AlgorithmCatalogue.named(name)
    else {
      throw Fault("--algorithm names one of \(AlgorithmCatalogue.all.map(\.facts.name).joined(separator: ", ")).")
    }
    setting = SearchSetting(algorithm)
    for option in values.removeValue(forKey: "--option") ?? [] { try set(option) }
    for option in algorithm.facts.options where option.kind == .parameterName && setting.options[option.name] == nil {
      throw Fault("\(name) needs --option \(option.name)=NAME, a number of the table whose levels are its rungs.")
    }
    func number(_ name: String) throws -> Int? {
      guard let text = values.removeValue(forKey: name)?.last else { return nil }
      guard let number = Int(text), number >= 0 else { throw Fault("\(name) is a number from 0: \(text)") }
      return number
    }
    setting.parallelism = max(1, try number("--parallelism") ?? 1)
    setting.budget = try number("--budget")
    setting.idle = try number("--idle") ?? 0
    setting.breaksTies = try number("--tie-break") == 1
    runs = try number("--runs") ?? runs
    first = try number("--first-seed") ?? first
    threads = max(1, try number("--threads") ?? threads)
    limit = try number("--limit") ?? limit
    checkpoints = (values.removeValue(forKey: "--best-after")?.last ?? "").split(separator: ",").compactMap { Int($0) }
    if let unknown = values.keys.sorted().first { throw Fault("There is no option \(unknown).") }
  }

  /// Why a table cannot be searched as it is asked for: it has no ties, or what an option names is no resource of it. Nil where
  /// nothing is in the way.
  func unfit(_ table: SearchTable) -> String? {
    if setting.breaksTies, table.ties.isEmpty { return "nothing in it decides between equal losses." }
    for option in setting.algorithm.facts.options where option.kind == .parameterName {
      guard case .string(let name)? = setting.options[option.name] else { continue }
      switch table.space.fault(ofResource: name) {
      case nil: continue
      case .unknown:
        let names = table.axes.map(\.name).joined(separator: ", ")
        return "no axis is called \(name), which \(option.name) names; they are \(names)."
      case .category: return "\(name) is a category, whose values have no order, so that it is no \(option.name)."
      default: return "the levels of \(name) cannot be rungs, so that it is no \(option.name)."
      }
    }
    return nil
  }

  /// One `name=value`, read as the option's own type.
  private mutating func set(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let option = setting.algorithm.facts.options.first(where: { $0.name == parts[0] }) else {
      throw Fault("\(text) is not an option of \(setting.algorithm.facts.name), written name=value.")
    }
    let value: ParameterValue? =
      switch option.kind {
      case .integer: Int(parts[1]).map(ParameterValue.integer)
      case .real: Double(parts[1]).map(ParameterValue.real)
      case .categorical, .parameterName: .string(parts[1])
      }
    guard let value else { throw Fault("\(text): the value has another type.") }
    setting.options[option.name] = value
  }
}

/// What is printed.
struct Report: Encodable {
  /// By run: how many evaluations reached the target; −1: none did.
  var reached: [Int]
  /// By run and checkpoint: the best loss.
  var bests: [[Double]]
  /// By run: how many suggestions there were.
  var suggestions: [Int]
  /// By checkpoint: median and largest time of the fifty suggestions before it, over all runs, in milliseconds.
  var milliseconds: [[Double]]
  /// Of all suggestions that awaited an outcome, the share whose point an idle worker had evaluated; nil without any.
  var ahead: Double?

  init(_ runs: [TableRun], _ request: Request) {
    reached = runs.map { $0.reached ?? -1 }
    bests = runs.map(\.bests)
    suggestions = runs.map(\.milliseconds.count)
    milliseconds = request.checkpoints.map { checkpoint in
      let times = runs.flatMap { $0.milliseconds[min(max(0, checkpoint - 50), $0.milliseconds.count)...].prefix(50) }
      return times.isEmpty ? [] : [times.sorted()[times.count / 2], times.max() ?? 0]
    }
    let wasAhead = runs.flatMap(\.wasAhead)
    if !wasAhead.isEmpty { ahead = Double(wasAhead.count { $0 }) / Double(wasAhead.count) }
  }
}
