import Foundation
import PruningRules
import SearchAlgorithms
import SearchSpace

/// Measures pruning rules on learning curves of the built-in network; `Benchmarks/pruning` calls it.
@main struct Pruning {
  static func main() async throws {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    let curves = try await LearningCurves(iterations: options.iterations, metric: options.metric)
    let plain = runs(nil, on: curves, options)
    print("Best of all \(LearningCurves.space.gridSize ?? 0) points: \(curves.best(maximize: options.maximize))")
    print("| rule | best value, mean ± standard error | difference, mean ± standard error | iterations | pruned |")
    print("| --- | --- | --- | --- | --- |")
    print(row("none", plain, against: plain))
    for rule in Rule.all(options.metric, iterations: options.iterations) {
      print(row(rule.name, runs(rule, on: curves, options), against: plain))
    }
  }

  /// What one study came to.
  struct Run {
    var best: Double
    var iterations: Int
    var pruned: Int
    var trials: Int
  }

  private static func runs(_ rule: Rule?, on curves: LearningCurves, _ options: Options) -> [Run] {
    (0..<options.seeds).map { run(rule, on: curves, seed: UInt64($0), options) }
  }

  /// A study of points in random order: trial k is judged by what trials 1 to k − parallelism had.
  private static func run(_ rule: Rule?, on curves: LearningCurves, seed: UInt64, _ options: Options) -> Run {
    guard let random = AlgorithmCatalogue.named("random") else { preconditionFailure("random is in the catalogue") }
    let search = random.make(
      AlgorithmContext(space: LearningCurves.space, seed: seed, maximize: options.maximize))
    var judge = rule.flatMap { PruningJudge(rule: $0.rule, options: $0.options, maximize: options.maximize) }
    var ended: [(curve: JudgedCurve, outcome: JudgedOutcome)] = []
    var run = Run(best: options.maximize ? -.infinity : .infinity, iterations: 0, pruned: 0, trials: 0)
    for number in 1...options.trials {
      guard case .suggestion(let suggestion) = search.propose(number) else { break }
      run.trials += 1
      guard let whole = curves[suggestion.point] else {
        ended.append((JudgedCurve(), .unusable))
        continue
      }
      while let horizon = judge?.horizon, horizon < number - options.parallelism {
        judge?.observe(horizon + 1, ended[horizon].curve, outcome: ended[horizon].outcome)
      }
      if case .prune(let step, _, _)? = judge?.firstVerdict(in: whole.curve) {
        let seen = whole.curve.reports.filter { $0.step <= step }.map { (step: $0.step, value: $0.value) }
        ended.append((JudgedCurve(seen), .pruned))
        run.iterations += step
        run.pruned += 1
      } else {
        var curve = whole.curve
        curve.append(step: whole.iterations, value: whole.final)
        ended.append((curve, .completed))
        run.iterations += whole.iterations
        run.best = options.maximize ? max(run.best, whole.final) : min(run.best, whole.final)
      }
    }
    return run
  }

  private static func row(_ name: String, _ runs: [Run], against plain: [Run]) -> String {
    func shown(_ values: [Double]) -> String { String(format: "%.4f ± %.4f", values.mean, values.standardError) }
    let iterations = Double(runs.reduce(0) { $0 + $1.iterations }) / Double(plain.reduce(0) { $0 + $1.iterations })
    let pruned = Double(runs.reduce(0) { $0 + $1.pruned }) / Double(runs.reduce(0) { $0 + $1.trials })
    return "| \(name) | \(shown(runs.map(\.best))) | \(shown(zip(runs, plain).map { $0.best - $1.best })) | "
      + String(format: "%.0f %% | %.0f %% |", iterations * 100, pruned * 100)
  }
}

/// A rule as it is measured.
struct Rule {
  var rule: String
  var options: [String: ParameterValue] = [:]

  var name: String {
    let given = options.sorted { $0.key < $1.key }.map { option in
      "`\(option.key)` \(option.value.number.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" } ?? "")"
    }
    return (["`\(rule)`"] + given).joined(separator: ", ")
  }

  static func all(_ metric: String, iterations: Int) -> [Rule] {
    [
      Rule(rule: "median"), Rule(rule: "median", options: ["warmup_steps": .integer(iterations / 10)]),
      Rule(rule: "percentile"), Rule(rule: "percentile", options: ["warmup_steps": .integer(iterations / 10)]),
      Rule(rule: "percentile", options: ["percentile": .real(25), "warmup_steps": .integer(iterations / 10)]),
      Rule(rule: "successive_halving"),
      Rule(rule: "successive_halving", options: ["minimum_step": .integer(iterations / 16), "eta": .integer(2)]),
      Rule(rule: "successive_halving", options: ["minimum_step": .integer(iterations / 10), "eta": .integer(3)]),
      Rule(rule: "patience"),
    ]
  }
}

/// What the command line asks for.
struct Options {
  var metric = "validation_accuracy"
  var trials = 100
  var seeds = 20
  var parallelism = 4
  var iterations = 1000

  /// Less loss is better, and more accuracy.
  var maximize: Bool { metric != "validation_loss" }

  init(_ words: [String]) throws {
    var rest = words[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Fault("\(name) needs a value.") }
      if name == "--metric", ["validation_accuracy", "validation_loss"].contains(value) {
        metric = value
        continue
      }
      guard let number = Int(value), number > 0 else { throw Fault("\(name) cannot be \(value).") }
      switch name {
      case "--trials": trials = number
      case "--seeds": seeds = number
      case "--parallelism": parallelism = number
      case "--iterations": iterations = number
      default:
        throw Fault("Unknown option \(name); there are --metric, --trials, --seeds, --parallelism and --iterations.")
      }
    }
  }
}

/// A fault of the command line, as a sentence.
struct Fault: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

extension [Double] {
  var mean: Double { reduce(0, +) / Double(count) }
  var standardError: Double {
    let mean = mean
    return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Swift.max(1, count - 1)) / Double(count)).squareRoot()
  }
}
