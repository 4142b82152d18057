import Analysis
import JSONText
import Studies
import StudyDefinitions

/// Studies that are compared, by their algorithms.
struct ComparedStudies: Sendable {
  /// The studies of one algorithm.
  struct Group: Sendable {
    /// The algorithm's name; with the options that tell it from others of the name.
    var name: String
    /// The algorithm with its version and options, without what differs between its studies.
    var algorithm: JSONObject
    var studies: [Study]
  }

  private(set) var groups: [Group] = []

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
      let algorithm = Self.algorithm(study)
      guard let place = groups.firstIndex(where: { $0.algorithm == algorithm }) else {
        groups.append(Group(name: study.algorithm, algorithm: algorithm, studies: [study]))
        continue
      }
      if let same = groups[place].studies.first(where: { $0.pair == study.pair }) {
        throw .badQuery(
          "studies",
          "Studies \(same.name) and \(study.name) have the same algorithm, seed and training_seed; give one of them.")
      }
      groups[place].studies.append(study)
    }
    nameApart()
  }

  private static func objective(_ study: Study) -> String { "\(study.goal.rawValue) \(study.metric)" }

  /// The algorithm as `resolved` has it, without why it was chosen.
  private static func algorithm(_ study: Study) -> JSONObject {
    var object = study.resolved.json["algorithm"]?.objectValue ?? JSONObject()
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

extension Study {
  /// What pairs it with the studies of other algorithms.
  var pair: ComparedRace.Pair { .init(seed: resolved.seed, trainingSeed: resolved.trainingSeed) }
}
