import Analysis
import JSONText
import Studies
import StudyDefinitions

/// A study of a comparison, as much of it as is compared.
struct ComparedStudy: Sendable {
  var summary: StudySummary
  /// The definition of a study with its algorithm, but for its name and seed.
  var definition: ResolvedDefinition
  var seed: Int
  /// How many of its trials are compared; nil where all are.
  var mostTrials: Int?

  /// What pairs it with the studies of other algorithms.
  var pair: ComparedRace.Pair { .init(seed: seed, trainingSeed: definition.trainingSeed) }

  init(_ study: Study) {
    summary = study.summary
    definition = study.resolved
    seed = study.resolved.seed
  }

  /// A study that a comparison made. A larger budget that it was given later is its own affair.
  init(_ summary: StudySummary, of comparison: ResolvedComparison, place: Int) {
    let (entry, seed) = comparison.place(place)
    self.summary = summary
    definition = comparison.entries[entry].definition
    self.seed = comparison.seeds[seed]
    mostTrials = definition.budget.trials
  }

  /// The race of what was read of its trials; `setting`: the one that counts its iterations.
  func race(_ briefs: [TrialBrief], setting: String?) -> ComparedRace {
    let constant = setting.flatMap { definition.constants[$0]?.number }
    let known = briefs.prefix { $0.state != .queued && $0.state != .running }
    return ComparedRace(
      study: summary.name, pair: pair, hasEnded: summary.state == .completed || summary.state == .failed,
      // What was stopped is no outcome, and cost nobody anything that can be told.
      trials: known.filter { $0.state != .stopped }.map { brief in
        ComparedTrial(
          value: brief.value, point: brief.point, iterations: constant ?? brief.setting,
          seconds: definition.isExternal ? nil : brief.seconds)
      })
  }
}

/// Studies that are compared, by their algorithms.
struct ComparedStudies: Sendable {
  /// The studies of one algorithm.
  struct Group: Sendable {
    /// The algorithm's name; with the options that tell it from others of the name.
    var name: String
    /// The algorithm with its version and options, without what differs between its studies.
    var algorithm: JSONObject
    var studies: [ComparedStudy]
  }

  private(set) var groups: [Group] = []
  /// The comparison that made the studies; nil where they are only put side by side.
  private(set) var comparison: StoredComparison?

  /// All studies, group after group.
  var all: [ComparedStudy] { groups.flatMap(\.studies) }

  /// The studies of a comparison that there still are; an algorithm without any is there all the same.
  init(_ state: ComparisonState) {
    let resolved = state.comparison.resolved
    comparison = state.comparison
    groups = resolved.entries.map {
      Group(name: $0.name, algorithm: Self.algorithm($0.definition), studies: [])
    }
    for summary in state.studies {
      guard let place = summary.comparison?.place, place < resolved.count else { continue }
      groups[resolved.place(place).entry].studies.append(ComparedStudy(summary, of: resolved, place: place))
    }
  }

  /// Groups studies in the order in which their algorithms come; throws where they have not one problem.
  init(_ studies: [Study]) throws(APIProblem) {
    guard let first = studies.first else { return }
    for study in studies {
      if study.metric != first.metric || study.goal != first.goal {
        throw .badQuery(
          "studies",
          "Study \(study.name) has the objective \(Self.objective(study)), and study \(first.name) has "
            + "\(Self.objective(first)); compare studies of one objective.")
      }
      if study.dataset != first.dataset {
        throw .badQuery(
          "studies",
          "Study \(study.name) has the data set \"\(study.dataset)\", and study \(first.name) has "
            + "\"\(first.dataset)\"; compare studies of one data set.")
      }
      let compared = ComparedStudy(study)
      let algorithm = Self.algorithm(study.resolved)
      guard let place = groups.firstIndex(where: { $0.algorithm == algorithm }) else {
        groups.append(Group(name: study.algorithm, algorithm: algorithm, studies: [compared]))
        continue
      }
      if let same = groups[place].studies.first(where: { $0.pair == compared.pair }) {
        throw .badQuery(
          "studies",
          "Studies \(same.summary.name) and \(study.name) have the same algorithm, seed and training_seed; "
            + "give one of them.")
      }
      groups[place].studies.append(compared)
    }
    nameApart()
  }

  private static func objective(_ study: Study) -> String { "\(study.goal.rawValue) \(study.metric)" }

  /// The algorithm as `resolved` has it, without why it was chosen.
  private static func algorithm(_ definition: ResolvedDefinition) -> JSONObject {
    var object = definition.json["algorithm"]?.objectValue ?? JSONObject()
    for name in ["chosen_by", "reason"] { object[name] = nil }
    return object
  }

  /// Adds to names that several groups have the options that tell these apart, as few as do.
  private mutating func nameApart() {
    for (_, places) in Dictionary(grouping: groups.indices, by: { groups[$0].name }) where places.count > 1 {
      let members = places.map { groups[$0].algorithm }
      var names: [String] = []
      for name in members.flatMap({ $0.members.map(\.name) }) where !names.contains(name) { names.append(name) }
      // An option that all have says more than one that only some have, and a version the least.
      func rank(_ name: String) -> Int { name == "version" ? 2 : members.allSatisfy { $0[name] != nil } ? 0 : 1 }
      var told = members.map { _ in "" }
      for name in (0...2).flatMap({ wanted in names.filter { rank($0) == wanted } }) {
        let longer = zip(told, members).map { text, algorithm in
          text + (algorithm[name].map { " \(name)=\($0.stringValue ?? $0.text)" } ?? "")
        }
        if Set(longer).count > Set(told).count { told = longer }
      }
      for (place, text) in zip(places, told) { groups[place].name += text }
    }
  }
}
