import Analysis
import Studies
import StudyDefinitions

/// Makes races of what is stored of studies' trials.
struct ComparisonRaces {
  /// What trials of the compared studies took that were trained for them.
  private struct Payers {
    private var byNumber: [String: [Int: Double]] = [:]
    private var byPoint: [String: [UInt64: Double]] = [:]

    mutating func add(_ briefs: [TrialBrief], of study: String) {
      for brief in briefs where brief.reusedFrom == nil {
        guard let seconds = brief.computeSeconds else { continue }
        byNumber[study, default: [:]][brief.number] = seconds
        byPoint[study, default: [:]][brief.point] = seconds
      }
    }

    /// What the evaluation took that answered a trial: an origin is `STUDY/trials/NUMBER`, or the study's name alone, where
    /// it was evaluated ahead of its trial.
    func seconds(_ brief: TrialBrief, _ origin: String) -> Double? {
      let parts = origin.split(separator: "/")
      guard let study = parts.first.map(String.init) else { return nil }
      let named = parts.count == 3 ? Int(parts[2]).flatMap { byNumber[study]?[$0] } : nil
      return named ?? byPoint[study]?[brief.point]
    }
  }

  private let payers: Payers
  private let briefs: [String: [TrialBrief]]

  /// Takes what was read of each study, by name.
  init(_ briefs: [String: [TrialBrief]]) {
    self.briefs = briefs
    var payers = Payers()
    for (study, own) in briefs where own.contains(where: { $0.reusedFrom != nil }) || briefs.count > 1 {
      payers.add(own, of: study)
    }
    self.payers = payers
  }

  /// The race of a study; `iterations`: of every trial, where they are not tuned.
  func race(_ study: Study, iterations: Double?) -> ComparedRace {
    let own = briefs[study.name] ?? []
    let known = own.prefix { $0.state != .queued && $0.state != .running }
    return ComparedRace(
      study: study.name, pair: study.pair, hasEnded: study.state.isFinished,
      // What was stopped is no outcome, and cost nobody anything that can be told.
      trials: known.filter { $0.state != .stopped }.map { brief in
        ComparedTrial(
          value: brief.value, point: brief.point, iterations: iterations ?? brief.setting,
          seconds: seconds(brief, isExternal: study.resolved.isExternal))
      })
  }

  private func seconds(_ brief: TrialBrief, isExternal: Bool) -> Double? {
    if isExternal { return brief.computeSeconds }
    if let origin = brief.reusedFrom { return payers.seconds(brief, origin) }
    // A trial that failed before it was trained.
    return brief.computeSeconds ?? 0
  }
}
