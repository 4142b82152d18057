import Digests
import ModelTraining
import PruningRules
import SearchSpace
import Studies
import StudyDefinitions

extension ModelTrainer {
  /// The groups of a piece of work, in order.
  func groups(_ work: Work, of model: any TrainableModel.Type) -> [TrainingGroup] {
    let definition = work.definition
    func settings(_ point: Point) -> [String: ParameterValue] {
      definition.settings(for: point, repeated: model.repeated)
    }
    switch work {
    case .ahead(let ahead):
      let wanted = Wanted(settings: settings(ahead.point), replicate: ahead.replicate, trial: nil, judge: ahead.judge)
      return groups([wanted], definition, model.progressSetting)
    case .trials(let trials):
      return groups(
        trials.map { Wanted(settings: settings($0.point), replicate: $0.replicate, trial: $0, judge: $0.judge) },
        definition, model.progressSetting)
    case .model: return []
    }
  }

  /// One training that is wanted.
  private struct Wanted {
    var settings: [String: ParameterValue]
    var replicate: Int
    var trial: TrialAssignment?
    var judge: PruningJudge?
  }

  private func groups(
    _ wanted: [Wanted], _ definition: ResolvedDefinition, _ progress: String
  ) -> [TrainingGroup] {
    let levels = Self.levels(of: progress, definition)
    var groups: [TrainingGroup] = []
    for one in wanted {
      var settings = one.settings
      guard case .integer(let end)? = settings.removeValue(forKey: progress) else { continue }
      let streams = (0..<definition.repeats).map { one.replicate * definition.repeats + $0 }
      let goal = TrainingGroup.Goal(trial: one.trial, end: end, judge: one.judge)
      if let last = groups.indices.last, groups[last].settings == settings, groups[last].streams == streams {
        groups[last].goals.append(goal)
      } else {
        groups.append(
          TrainingGroup(
            settings: settings, streams: streams, goals: [goal], passing: [], keys: [], trajectories: []))
      }
    }
    for index in groups.indices {
      groups[index].goals.sort { $0.end < $1.end }
      let last = groups[index].goals.last?.end ?? 0
      groups[index].passing = levels.filter { $0 < last }
      identify(&groups[index], definition, progress)
    }
    return groups
  }

  private func identify(_ group: inout TrainingGroup, _ definition: ResolvedDefinition, _ progress: String) {
    for stream in group.streams {
      group.trajectories.append(
        definition.evaluationText(settings: group.settings, stream: stream, numerics: numerics))
      var keys: [Int: EvaluationKey] = [:]
      for end in group.ends {
        var settings = group.settings
        settings[progress] = .integer(end)
        keys[end] = EvaluationKey(
          textOf: definition.evaluationText(settings: settings, stream: stream, numerics: numerics))
      }
      group.keys.append(keys)
    }
  }

  /// The levels at which a training is read in passing: the grid of the progress setting, where it is tuned over a short
  /// one.
  private static func levels(of progress: String, _ definition: ResolvedDefinition) -> Set<Int> {
    guard let parameter = definition.space.parameters.first(where: { $0.name == progress }),
      let count = parameter.domain.levelCount, count <= 32
    else { return [] }
    var levels: Set<Int> = []
    for index in 0..<count {
      if case .integer(let level) = parameter.domain.level(at: index) { levels.insert(level) }
    }
    return levels
  }
}

extension EvaluationKey {
  /// The key of a training's text: its SHA-256.
  init(textOf text: String) {
    let digits = Array(SHA256.hexDigest(of: Array(text.utf8)).utf8)
    self.init(
      stride(from: 0, to: digits.count, by: 2).map { place in
        Self.value(digits[place]) << 4 | Self.value(digits[place + 1])
      })
  }

  private static func value(_ digit: UInt8) -> UInt8 {
    digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
  }
}
