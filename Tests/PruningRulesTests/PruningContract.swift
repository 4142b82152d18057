import Foundation
import SearchSpace
import Testing

@testable import PruningRules

/// One trial of a made-up study.
struct JudgedTrial: Sendable {
  var curve: JudgedCurve
  var outcome: JudgedOutcome
}

/// One rule with options.
struct PruningCase: Sendable, CustomTestStringConvertible {
  var description: PruningDescription
  var options: [String: ParameterValue]

  var testDescription: String {
    let given = options.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return ([description.facts.name] + given).joined(separator: ", ")
  }

  /// The options with the defaults of those that are not given.
  var allOptions: [String: ParameterValue] {
    var all = options
    for option in description.facts.options where all[option.name] == nil { all[option.name] = option.defaultValue }
    return all
  }

  /// The options for values of the other sign: only bounds on a value change.
  var mirroredOptions: [String: ParameterValue] {
    var all = allOptions
    guard let pair = description.facts.ascending else { return all }
    all[pair.below] = allOptions[pair.above]?.number.map { .real(-$0) }
    all[pair.above] = allOptions[pair.below]?.number.map { .real(-$0) }
    return all
  }

  func judge(maximize: Bool = true, mirrored: Bool = false) throws -> PruningJudge {
    try #require(
      PruningJudge(
        rule: description.facts.name, options: mirrored ? mirroredOptions : allOptions, maximize: maximize))
  }
}

extension JudgedCurve {
  /// The same curve with every value's sign changed.
  var mirrored: JudgedCurve { JudgedCurve(reports.map { ($0.step, -$0.value) }) }

  /// The first reports.
  func prefix(_ count: Int) -> JudgedCurve { JudgedCurve(reports.prefix(count).map { ($0.step, $0.value) }) }
}

extension PruningVerdict {
  /// The step and the value that were judged.
  var judged: [Double]? {
    if case .prune(let step, let value, _) = self { [Double(step), value] } else { nil }
  }
}

/// What every rule of the catalogue must keep.
@Suite struct PruningContract {
  static let cases = PruningCatalogue.all.flatMap { description in
    let given: [[String: ParameterValue]] =
      switch description.facts.name {
      case "median":
        [[:], ["minimum_trials": .integer(1)], ["warmup_steps": .integer(30), "interval_steps": .integer(20)]]
      case "percentile": [[:], ["percentile": .real(10)], ["percentile": .real(0), "warmup_steps": .integer(41)]]
      case "successive_halving":
        [[:], ["minimum_step": .integer(3), "eta": .integer(2)], ["minimum_step": .integer(10), "eta": .integer(3)]]
      case "threshold":
        [["lower": .real(0.3)], ["upper": .real(0.9), "lower": .real(0.2), "warmup_steps": .integer(20)]]
      case "patience": [[:], ["patience": .integer(2)], ["patience": .integer(3), "minimum_delta": .real(0.05)]]
      default: []
      }
    return given.map { PruningCase(description: description, options: $0) }
  }

  /// Noisy curves that rise to a plateau, of several lengths, with values that are often equal; the last one in ten goes
  /// down again.
  static func trials(_ count: Int, seed: UInt64) -> [JudgedTrial] {
    (1...count).map { number in
      let draw = KeyedGenerator(seed: seed, key: [UInt64(number)])
      let (plateau, pace) = (0.2 + 0.8 * draw.unit(at: 0), 5 + 40 * draw.unit(at: 1))
      let length = [0, 1, 12, 20, 20, 20, 20, 25][Int(draw.integer(below: 8, at: 2))]
      let curve = JudgedCurve(
        (0..<length).map { place in
          let step = 5 * (place + 1)
          let noise = 0.1 * draw.unit(at: UInt64(10 + place))
          let fall = number % 10 == 0 && place > 8 ? 0.04 * Double(place - 8) : 0
          let value = plateau * (1 - Foundation.exp(-Double(step) / pace)) + noise - fall
          return (step, (value * 50).rounded() / 50)
        })
      let outcome: JudgedOutcome = draw.integer(below: 9, at: 3) == 0 ? .unusable : .completed
      return JudgedTrial(curve: curve, outcome: outcome)
    }
  }

  /// What becomes of trials where the judge of each knows all before it but the last `lag`.
  static func verdicts(_ trials: [JudgedTrial], _ start: PruningJudge, lag: Int = 0) -> [PruningVerdict] {
    var judge = start
    var verdicts: [PruningVerdict] = []
    for trial in trials {
      while judge.horizon < verdicts.count - lag {
        let (known, verdict) = (trials[judge.horizon], verdicts[judge.horizon])
        if let step = verdict.judged?.first {
          let seen = known.curve.prefix(known.curve.reports.count { Double($0.step) <= step })
          judge.observe(judge.horizon + 1, seen, outcome: .pruned)
        } else {
          judge.observe(judge.horizon + 1, known.curve, outcome: known.outcome)
        }
      }
      verdicts.append(judge.firstVerdict(in: trial.curve))
    }
    return verdicts
  }

  @Test(arguments: cases) func someTrialsArePrunedAndSomeAreNot(_ example: PruningCase) throws {
    let verdicts = Self.verdicts(Self.trials(300, seed: 1), try example.judge())
    let pruned = verdicts.count { $0 != .goOn }
    // Twenty reports in a row that are worse than the best before do not occur in these curves.
    if example.description.facts.name == "patience", example.options.isEmpty { return #expect(pruned == 0) }
    #expect(pruned > 5 && pruned < 290, "\(pruned) of 300")
  }

  @Test(arguments: cases, [0, 3]) func itIsAFunctionOfWhatItWasTold(_ example: PruningCase, lag: Int) throws {
    let trials = Self.trials(200, seed: 2)
    let judge = try example.judge()
    #expect(Self.verdicts(trials, judge, lag: lag) == Self.verdicts(trials, judge, lag: lag))
  }

  @Test(arguments: cases) func oneByOneOrAllAtOnceIsTheSame(_ example: PruningCase) throws {
    let trials = Self.trials(120, seed: 3)
    var judge = try example.judge()
    for (index, trial) in trials.enumerated() {
      var (told, first) = (JudgedCurve(), PruningVerdict.goOn)
      for report in trial.curve.reports where first == .goOn {
        told.append(step: report.step, value: report.value)
        first = judge.verdict(on: told)
      }
      #expect(judge.firstVerdict(in: trial.curve) == first)
      // What comes after the step that was judged does not matter.
      if let step = first.judged?.first {
        var longer = told
        longer.append(step: Int(step) + 1, value: 1e6)
        longer.append(step: Int(step) + 2, value: -1e6)
        #expect(judge.firstVerdict(in: longer) == first)
      }
      judge.observe(index + 1, trial.curve, outcome: trial.outcome)
    }
  }

  @Test(arguments: cases) func aCopyKeepsWhatItKnows(_ example: PruningCase) throws {
    let trials = Self.trials(150, seed: 4)
    var judge = try example.judge()
    for (index, trial) in trials[..<60].enumerated() { judge.observe(index + 1, trial.curve, outcome: trial.outcome) }
    let copy = judge
    let before = trials.map { copy.firstVerdict(in: $0.curve) }
    for (index, trial) in trials[60...].enumerated() {
      judge.observe(index + 61, trial.curve, outcome: trial.outcome)
    }
    #expect(copy.horizon == 60 && judge.horizon == 150)
    #expect(trials.map { copy.firstVerdict(in: $0.curve) } == before)
  }

  @Test(arguments: cases) func theOtherGoalIsTheMirror(_ example: PruningCase) throws {
    let trials = Self.trials(200, seed: 5)
    let mirrored = trials.map { JudgedTrial(curve: $0.curve.mirrored, outcome: $0.outcome) }
    let own = Self.verdicts(trials, try example.judge()).map(\.judged)
    let other = Self.verdicts(mirrored, try example.judge(maximize: false, mirrored: true)).map(\.judged)
    #expect(own == other.map { $0.map { [$0[0], -$0[1]] } })
  }

  @Test(arguments: cases) func nothingIsPrunedBeforeItsTime(_ example: PruningCase) throws {
    let options = example.allOptions
    func integer(_ name: String) -> Int {
      if case .integer(let value)? = options[name] { value } else { 0 }
    }
    let trials = Self.trials(200, seed: 6)
    let verdicts = Self.verdicts(trials, try example.judge())
    for verdict in verdicts {
      guard let step = verdict.judged?[0] else { continue }
      #expect(step >= Double(max(integer("warmup_steps"), integer("minimum_step"))))
    }
    let minimum = integer("minimum_trials")
    if minimum > 0 {
      let early = verdicts.indices.filter { index in trials[..<index].count { $0.outcome == .completed } < minimum }
      #expect(early.allSatisfy { verdicts[$0] == .goOn })
    }
  }

  @Test(arguments: cases) func whatIsUnusableTeachesNothing(_ example: PruningCase) throws {
    let trials = Self.trials(100, seed: 7)
    var (with, without) = (try example.judge(), try example.judge())
    for (index, trial) in trials.enumerated() {
      with.observe(2 * index + 1, trial.curve, outcome: trial.outcome)
      with.observe(2 * index + 2, JudgedCurve([(5, 100), (10, -100), (20, 50)]), outcome: .unusable)
      if trial.outcome != .unusable { without.observe(index + 1, trial.curve, outcome: trial.outcome) }
      #expect(with.firstVerdict(in: trial.curve) == without.firstVerdict(in: trial.curve))
    }
  }

  @Test(arguments: cases) func shortCurvesAndTiesAreTaken(_ example: PruningCase) throws {
    var judge = try example.judge()
    #expect(judge.verdict(on: JudgedCurve()) == .goOn && judge.firstVerdict(in: JudgedCurve()) == .goOn)
    judge.observe(1, JudgedCurve(), outcome: .completed)
    judge.observe(2, JudgedCurve([(1, 0.5)]), outcome: .completed)
    judge.observe(3, JudgedCurve([(1, 0.5)]), outcome: .pruned)
    let even = JudgedCurve((1...40).map { ($0, 0.5) })
    for number in 4...40 { judge.observe(number, even, outcome: .completed) }
    #expect(judge.firstVerdict(in: even) == .goOn, "what is as good as all others is not pruned")
  }

  /// The best of many goes on, whatever the rule compares.
  @Test(arguments: cases) func theBestOfAllIsNotPruned(_ example: PruningCase) throws {
    let best = JudgedCurve((1...40).map { ($0, 0.8) })
    var judge = try example.judge()
    for number in 1...60 {
      judge.observe(
        number, JudgedCurve((1...40).map { ($0, 0.3 + 0.005 * Double(number)) }), outcome: .completed)
    }
    #expect(judge.firstVerdict(in: best) == .goOn)
  }

  @Test(arguments: cases) func theLargestNumbersAreTaken(_ example: PruningCase) throws {
    let most = Double.greatestFiniteMagnitude
    let curves = [
      JudgedCurve((0..<30).map { ($0 * (Int.max / 32), $0 % 2 == 0 ? most : -most) }),
      JudgedCurve((0..<30).map { ($0 * (Int.max / 32), -most) }),
    ]
    var judge = try example.judge()
    for number in 1...20 {
      judge.observe(number, curves[number % 2], outcome: .completed)
      for curve in curves {
        #expect(curve.reports.allSatisfy { $0.mean.isFinite })
        if case .prune(_, let value, _) = judge.firstVerdict(in: curve) { #expect(value.isFinite) }
      }
    }
  }

  @Test(arguments: cases) func reasonsAreSentences(_ example: PruningCase) throws {
    for case .prune(let step, _, let why) in Self.verdicts(Self.trials(80, seed: 8), try example.judge()) {
      #expect(why.first?.isUppercase == true && why.last == "." && why.contains("step \(step)"))
    }
  }

  @Test func theCatalogueIsWhole() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/pruning.md"), encoding: .utf8)
    let row = Dictionary(
      page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map {
        (String($0.dropFirst(3).prefix { $0 != "`" }), $0)
      }, uniquingKeysWith: { first, _ in first })
    let all = PruningCatalogue.all.map(\.facts)
    #expect(all.map(\.name) == ["median", "percentile", "successive_halving", "threshold", "patience"])
    #expect(Set(Self.cases.map(\.description.facts.name)) == Set(all.map(\.name)), "each rule has its cases here")
    for facts in all {
      #expect(!facts.summary.isEmpty && facts.version > 0 && facts.citation.contains(/doi:10\.|arXiv:\d/))
      #expect(Set(facts.options.map(\.name)).count == facts.options.count)
      #expect(facts.options.allSatisfy { !$0.help.isEmpty && !$0.tunable })
      for option in facts.options {
        let value =
          switch option.defaultValue {
          case .integer(let value): "\(value)"
          case .real(let value): "\(Int(value))"
          default: "none"
          }
        #expect(
          row[facts.name]?.contains("`\(option.name)` (\(value))") == true,
          "docs/pruning.md does not tell \(option.name) of \(facts.name)")
      }
      let named = facts.needsOneOf + (facts.ascending.map { [$0.below, $0.above] } ?? [])
      #expect(named.allSatisfy { name in facts.options.contains { $0.name == name } })
      #expect(PruningCatalogue.named(facts.name)?.facts == facts)
    }
    #expect(PruningJudge(rule: "none", options: [:], maximize: true) == nil)
  }
}
