import JSONText
import SearchSpace
import Studies
import StudyDefinitions

/// A remark on a study that fails nothing.
public struct StudyWarning: Sendable, Hashable {
  /// `grid_cut`, `constant_answer`, `end_of_range`, `small_split`, `parallelism`.
  public var code: String
  /// One or two sentences for a person.
  public var detail: String
  /// A JSON pointer into the definition.
  public var pointer: String

  /// Fewer examples than these tell points apart by large differences alone.
  static let fewExamples = 100

  /// Everything that there is to remark on a study; `ends` are the least and most that its model allows of a setting.
  /// O(parameters).
  public static func of(
    _ study: Study, best: BestPoint?, scored: ScoredPart?, ends: [String: ClosedRange<Double>]
  ) -> [StudyWarning] {
    let found =
      [gridCut(study), parallelism(study), scored.flatMap { smallSplit(study, $0) }]
      + [best.flatMap { best in scored.flatMap { constantAnswer(study, best, $0) } }]
      + (best.map { endsOfRanges(study, $0, ends) } ?? [])
    return found.compactMap { $0 }
  }

  /// A grid whose budget ends before it: the parameters that vary slowest keep to their first levels.
  private static func gridCut(_ study: Study) -> StudyWarning? {
    let resolved = study.resolved
    guard resolved.algorithm == "grid", let trials = study.budget.trials.map({ $0 - study.confirmTrials }),
      let size = resolved.space.gridSize,
      trials < size
    else { return nil }
    var product = 1
    var kept: [String] = []
    // Where parameters decide about others the order is another one.
    for parameter in resolved.space.isConditional ? [] : resolved.space.parameters {
      if product >= trials, parameter.domain.levelCount.map({ $0 > 1 }) ?? false { kept.append(parameter.name) }
      let (next, isOver) = product.multipliedReportingOverflow(by: Int(clamping: parameter.domain.levelCount ?? 1))
      product = isOver ? .max : next
    }
    let count = size == .max ? "more than 10^18" : "\(size)"
    let corner =
      kept.isEmpty
      ? "" : ", in which \(kept.joined(separator: ", ")) \(kept.count == 1 ? "keeps" : "keep") to the first level"
    let cover =
      study.confirmTrials > 0 ? "the \(trials) trials of its search cover" : "the budget of \(trials) trials covers"
    return StudyWarning(
      code: "grid_cut",
      detail: "The grid has \(count) points, and \(cover) its first ones alone\(corner). "
        + "To spread the trials over the whole grid, use random.",
      pointer: pointer("budget", "trials", in: study.definition))
  }

  /// A study whose trials callers run, and whose search learns, without a word on how many of them there are.
  private static func parallelism(_ study: Study) -> StudyWarning? {
    let resolved = study.resolved
    guard resolved.isExternal, !["grid", "random"].contains(resolved.algorithm),
      study.parallelism == resolved.parallelism,
      study.definition["parallelism"] ?? .null == .null
    else { return nil }
    return StudyWarning(
      code: "parallelism",
      detail: "parallelism was left out and is \(resolved.parallelism): at most \(resolved.parallelism) callers have a "
        + "trial at once, since each suggestion waits for the outcomes before it. Set it to the number of callers.",
      pointer: "/parallelism")
  }

  /// A best value that one answer for all examples reaches.
  private static func constantAnswer(_ study: Study, _ best: BestPoint, _ scored: ScoredPart) -> StudyWarning? {
    guard study.resolved.metric == "validation_accuracy", study.resolved.goal == .maximize else { return nil }
    let constant = Double(scored.mostFrequent) / Double(scored.examples)
    guard best.mean <= constant + 1e-9 else { return nil }
    return StudyWarning(
      code: "constant_answer",
      detail: "The best value, \(percent(best.mean)), is no better than always answering "
        + "\(JSONValue.string(scored.mostFrequentClass).text), which is right for \(scored.mostFrequent) of the "
        + "\(scored.examples) examples (\(percent(constant))).",
      pointer: pointer("objective", in: study.definition))
  }

  /// A best point at an end of a range that the model would let go on.
  private static func endsOfRanges(
    _ study: Study, _ best: BestPoint, _ ends: [String: ClosedRange<Double>]
  ) -> [StudyWarning] {
    study.resolved.space.parameters.compactMap { parameter in
      guard let value = best.point[parameter.name]?.number, let range = parameter.domain.numericEnds else { return nil }
      let word: String
      if value == range.upperBound, ends[parameter.name].map({ value < $0.upperBound }) ?? true {
        word = "largest"
      } else if value == range.lowerBound, ends[parameter.name].map({ value > $0.lowerBound }) ?? true {
        word = "smallest"
      } else {
        return nil
      }
      return StudyWarning(
        code: "end_of_range",
        detail:
          "The best point has the \(word) \(parameter.name) of its range, \(JSONNumber.text(value)); a wider range "
          + "may hold a better one.",
        pointer: pointer("parameters", parameter.name, in: study.definition))
    }
  }

  /// A split that scores on a few examples.
  private static func smallSplit(_ study: Study, _ scored: ScoredPart) -> StudyWarning? {
    guard scored.examples < fewExamples else { return nil }
    // Two points that are right for half of the examples, each by its own chance.
    let apart = StudentT.normalQuantile975 * (0.5 / Double(scored.examples)).squareRoot()
    return StudyWarning(
      code: "small_split",
      detail:
        "Trials are scored on \(scored.examples) examples: one of them is \(percentagePoints(1 / Double(scored.examples))) of "
        + "accuracy. Two settings whose accuracies differ by less than about \(percentagePoints(min(1, apart), digits: 0)) can "
        + "hardly be told apart. Folds, or a larger part, say more.",
      pointer: pointer("validation", "split", in: study.definition))
  }

  /// Where a member is, or the nearest place above it that is there.
  private static func pointer(_ names: String..., in definition: JSONValue) -> String {
    var pointer = JSONPointer.root
    var value = definition
    for name in names {
      guard let member = value[name] else { break }
      value = member
      pointer = pointer.appending(name)
    }
    return pointer.text
  }

  private static func percent(_ fraction: Double) -> String { hundredths(fraction, digits: 1) + " %" }

  /// A difference of two shares.
  private static func percentagePoints(_ difference: Double, digits: Int = 1) -> String {
    let text = hundredths(difference, digits: digits)
    return text + (text == "1" ? " percentage point" : " percentage points")
  }

  private static func hundredths(_ fraction: Double, digits: Int) -> String {
    let factor = digits == 0 ? 1.0 : 10
    return JSONNumber.text((fraction * 100 * factor).rounded() / factor)
  }
}

extension Parameter.Domain {
  /// The smallest and the largest of at least three numbers; nil where there are fewer, or categories.
  fileprivate var numericEnds: ClosedRange<Double>? {
    switch self {
    case .levels(let values):
      guard values.count > 2, let first = values.first?.number, let last = values.last?.number else { return nil }
      return first...last
    case .integerRange(let minimum, let maximum, _):
      return maximum - minimum > 1 ? Double(minimum)...Double(maximum) : nil
    case .realRange(let minimum, let maximum, _): return minimum...maximum
    case .categories: return nil
    }
  }
}
