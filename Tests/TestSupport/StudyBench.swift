import DataFacts
import Foundation
import JSONText
import Logging
import PruningRules
import SearchSpace
import Studies
import StudyDefinitions

/// A supervisor over a store in memory, with workers that a test scripts.
public final class StudyBench: Sendable {
  /// What a scripted worker does with a trial.
  public typealias Work = @Sendable (TrialAssignment) async -> TrialReport

  /// What studies are kept in.
  public let store: any StudyStore
  /// What is tested.
  public let supervisor: StudySupervisor

  /// Makes a bench; trials that differ in `progress` alone are handed out together. `outcomeAtOnce`: what needs no worker.
  public init(
    store: any StudyStore = MemoryStudyStore(), progress: String? = nil, shelf: (any ModelShelf)? = nil,
    clock: any StudyClock = SystemClock(), numerics: Int = 1,
    outcomeAtOnce: @escaping @Sendable (TrialAssignment) -> TrialReport? = { _ in nil }
  ) {
    self.store = store
    var context = Self.context
    context.numerics = numerics
    supervisor = StudySupervisor(
      store: store, validator: DefinitionValidator(context: context), models: Operations(progress: progress),
      shelf: shelf, clock: clock,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), outcomeAtOnce: outcomeAtOnce)
  }

  /// A trial costs its setting `a`.
  public struct Operations: TrialCosts {
    let progress: String?
    public func progressSetting(_ definition: ResolvedDefinition) -> String? { progress }
    public func operations(_ definition: ResolvedDefinition, at point: Point) -> Double { point["a"]?.number ?? 1 }
  }

  /// One data set, a table of results that no list has, and a model with four settings, `a` to `d`; `a` says where a training
  /// ends.
  public static let context = DefinitionContext(
    dataset: { name in
      var facts = DatasetFacts(
        name: name, examples: 10, secondPartExamples: 4, shape: [2], classes: ["0", "1"], examplesPerClass: [5, 5],
        sha256: String(repeating: "0", count: 64), origin: "test")
      if name == "tried" {
        facts.columns = ["a", "b", "c", "d", "loss", "compute_seconds"].map { ResultsColumn(name: $0) }
      }
      return ["toy", "tried"].contains(name) ? facts : nil
    },
    datasetNames: { ["toy"] },
    models: [
      ModelFacts(
        kind: "toy", summary: "",
        parameters: ["a", "b", "c", "d"].map {
          ParameterDescription(
            name: $0, kind: .integer(minimum: 0, maximum: 1_000_000), defaultValue: .integer(0), help: "")
        },
        progressSetting: "a",
        memory: { _, _, _ in 0 }, operations: { _, _, _, _ in 1 })
    ],
    algorithms: AlgorithmFacts.catalogue, pruningRules: PruningFacts.catalogue, automatic: AlgorithmFacts.automatic,
    trialMemory: 1e9, numerics: 1)

  /// A definition over a grid of `sizes` levels.
  public static func definition(
    _ name: String, algorithm: JSONValue = ["name": "grid"], sizes: [Int] = [5, 4, 3], budget: JSONValue? = nil,
    seed: Int = 7, more: [(String, JSONValue)] = []
  ) -> JSONValue {
    var parameters = JSONObject()
    for (name, size) in zip(["a", "b", "c", "d"], sizes) {
      parameters[name] = [
        "type": "integer", "values": .array((0..<size).map { .number(Double($0 * $0)) }),
      ]
    }
    var object = JSONObject([
      ("name", .string(name)), ("dataset", "toy"), ("model", ["kind": "toy"]), ("parameters", .object(parameters)),
      ("algorithm", algorithm), ("seed", .number(Double(seed))),
    ])
    if let budget { object["budget"] = budget }
    for (key, value) in more { object[key] = value }
    return .object(object)
  }

  /// A definition whose trials are looked up in the table `tried`.
  public static func tableDefinition(
    _ name: String, algorithm: JSONValue = ["name": "grid"], sizes: [Int] = [5, 4, 3], budget: JSONValue? = nil
  ) -> JSONValue {
    definition(
      name, algorithm: algorithm, sizes: sizes, budget: budget,
      more: [
        ("dataset", "tried"), ("model", ["kind": "table"]), ("objective", ["metric": "loss", "goal": "minimize"]),
      ])
  }

  /// What the table `tried` has of a point; some points it does not have.
  public static func lookedUp(_ assignment: TrialAssignment) -> TrialReport {
    guard case .completed(let scores, _, _, _, _) = outcome(assignment) else {
      return .infeasible(reason: "no row", computeSeconds: 0)
    }
    return .completed(
      scores: scores, metrics: ["loss": scores[0], "compute_seconds": 2.5], curve: LearningCurve(names: []),
      computeSeconds: 0)
  }

  /// A bumpy function of the point; some points are infeasible.
  public static func outcome(_ assignment: TrialAssignment) -> TrialReport {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for name in assignment.point.values.keys.sorted() {
      hash = (hash ^ UInt64(bitPattern: Int64(assignment.point[name]?.number ?? 0))) &* 0xBF58_476D_1CE4_E5B9
      hash ^= hash >> 29
    }
    if hash % 11 == 0 { return .infeasible(reason: "diverged", computeSeconds: 0.001) }
    let value = Double(hash % 97) / 97
    return assignment.judge.map { judged(value, hash, by: $0) } ?? completed(value)
  }

  /// A curve of eight steps to a value, some of them rising late, ended where a judge says so.
  private static func judged(_ value: Double, _ hash: UInt64, by judge: PruningJudge) -> TrialReport {
    let pace = Double(1 + hash % 5)
    let curve = LearningCurve(
      (1...8).map { step in
        CurvePoint(step: step, metrics: ["validation_accuracy": value * min(1, Double(step) / (8 - pace))])
      })
    guard
      case .prune(let step, let judged, _) = judge.firstVerdict(
        in: curve.judged(by: "validation_accuracy", below: 8))
    else {
      return .completed(scores: [value], metrics: curve.lastMetrics, curve: curve, computeSeconds: 0.001)
    }
    let seen = curve.prefix(through: step)
    return .pruned(step: step, value: judged, metrics: seen.lastMetrics, curve: seen, computeSeconds: 0.001)
  }

  /// A completed outcome with one score.
  public static func completed(_ value: Double) -> TrialReport {
    .completed(
      scores: [value], metrics: ["validation_accuracy": value, "validation_loss": 1 - value],
      curve: LearningCurve([CurvePoint(step: 1, metrics: ["train_loss": value])]), computeSeconds: 0.001)
  }

  /// Runs workers until the study is not running any more, then closes the queue.
  public func work(_ workers: Int, on name: String, doing work: @escaping Work = { StudyBench.outcome($0) })
    async throws
  {
    let tasks = self.startWorkers(workers, doing: work)
    try await waitUntil { try await self.study(name).state != .running }
    await supervisor.queue.close()
    for task in tasks { await task.value }
  }

  /// Starts workers that a closed queue ends.
  public func startWorkers(_ count: Int, doing work: @escaping Work) -> [Task<Void, Never>] {
    let queue = supervisor.queue
    return (1...count).map { index in
      Task {
        var finished: (work: Studies.Work, report: WorkReport)?
        while true {
          do {
            guard let next = try await queue.next(worker: Worker(name: "w\(index)"), finished: finished) else { return }
            var report = WorkReport()
            if case .trials(let trials) = next {
              for trial in trials { report.trials[trial.number] = await work(trial) }
            }
            finished = (next, report)
          } catch { try? await Task.sleep(for: .milliseconds(2)) }
        }
      }
    }
  }

  /// The study as it is stored.
  public func study(_ name: String) async throws -> Study {
    guard let study = try await store.study(named: name)?.value else { throw StudyError.unknownStudy(name) }
    return study
  }

  /// All trials in order of number.
  public func trials(_ name: String) async throws -> [Trial] {
    try await store.trials(study: study(name).id, TrialFilter(), after: nil, limit: 100_000).value.items
  }

  /// Number, parameters and value of every trial: what two runs of one definition share.
  public func table(_ name: String) async throws -> [String] {
    try await trials(name).map { trial in
      let pruned = trial.prunedValue.map { " \($0) at \(trial.prunedAtStep ?? -1)" } ?? ""
      return "\(trial.number) \(trial.point.key) \(trial.state) \(trial.value.map { "\($0)" } ?? "-")\(pruned)"
    }
  }

  /// Waits at most two minutes for something to come true.
  public func waitUntil(_ condition: @Sendable () async throws -> Bool) async throws {
    for _ in 0..<60_000 {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(2))
    }
    throw TimedOut()
  }

  /// Something did not come true.
  public struct TimedOut: Error {}
}
