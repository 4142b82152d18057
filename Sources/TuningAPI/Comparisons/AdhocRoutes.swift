import Analysis
import Dispatch
import HTTPMessages
import Promises
import Studies
import StudyDefinitions

/// Studies that there are, side by side.
extension TuningAPI {
  /// How many studies are compared at most.
  private static var mostComparedStudies: Int { 200 }
  /// How many trials are read at once: few enough that no read lasts long.
  static var briefsPerPage: Int { 4096 }

  @Sendable func compareStudies(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let names = try Self.studyNames(request.query)
    var studies: [Study] = []
    var position = Int.max
    for name in names {
      do {
        let found = try await reader.study(name)
        studies.append(found.value)
        // The answer reflects at least what had happened when the first was read.
        position = min(position, found.position)
      } catch {
        guard error.status == 404 else { throw error }
        throw .badQuery("studies", "studies has \"\(name)\", and there is no study of that name.")
      }
    }
    let compared = try ComparedStudies(studies)
    let (trials, most) = (studies.map(\.counts.numbered).reduce(0, +), DefinitionValidator.mostComparedTrials)
    guard trials <= most else {
      throw .badQuery("studies", "These studies have \(trials) trials, and a comparison may have \(most).")
    }
    let view = ComparisonView(studies: compared, comparison: try await comparison(compared))
    return try json(request, position: position) { view.write(to: &$0) }
  }

  private static func studyNames(_ query: Query) throws(APIProblem) -> [String] {
    guard let text = query["studies"] else {
      throw .badQuery("studies", "studies is missing: it says which studies, as in studies=a,b,c.")
    }
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count <= mostComparedStudies else {
      throw .badQuery("studies", "studies has \(names.count) names, and may have \(mostComparedStudies).")
    }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw .badQuery("studies", "studies has \"\(name)\" twice; give it once.")
    }
    return names
  }

  // MARK: What all comparisons share

  /// Compares studies as they are, or takes what was computed when they were the same.
  func comparison(_ compared: ComparedStudies) async throws(APIProblem) -> Comparison {
    let key = ComparisonCache.Key(compared)
    if let known = comparisons.find(key) { return known }
    var entries: [Comparison.Entry] = []
    for group in compared.groups {
      var races: [ComparedRace] = []
      for study in group.studies {
        races.append(study.race(try await briefs(study), setting: progressSetting(of: study.definition)))
      }
      entries.append(Comparison.Entry(name: group.name, races: races))
    }
    let read = entries
    let maximize = compared.groups.first?.studies.first?.definition.goal != .minimize
    // Away from the threads that answer requests: it takes up to seconds.
    let made = await DispatchQueue.global().value { Comparison(read, maximize: maximize) }
    comparisons.keep(made, key)
    return made
  }

  /// The trials of a study that are compared.
  private func briefs(_ study: ComparedStudy) async throws(APIProblem) -> [TrialBrief] {
    guard study.summary.counts.numbered > 0 else { return [] }
    var all: [TrialBrief] = []
    while true {
      let page = try await briefs(study, beyond: all.last?.number ?? 0)
      all += page
      guard page.count == Self.briefsPerPage, all.count < DefinitionValidator.mostComparedTrials else { return all }
    }
  }

  /// A page of them; one that is not full is the last.
  func briefs(_ study: ComparedStudy, beyond number: Int) async throws(APIProblem) -> [TrialBrief] {
    let left = (study.mostTrials ?? .max) - number
    return try await reader.briefs(
      of: study.summary.id, setting: progressSetting(of: study.definition), beyond: number,
      limit: max(0, min(Self.briefsPerPage, left)))
  }

  /// The setting that counts a study's iterations; nil where none does.
  func progressSetting(of definition: ResolvedDefinition) -> String? {
    let model = configuration.context.models.first { $0.kind == definition.modelKind }
    if let model { return model.progressSetting }
    return definition.space.parameters.contains { $0.name == "iterations" } ? "iterations" : nil
  }
}
