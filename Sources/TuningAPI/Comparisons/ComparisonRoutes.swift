import Analysis
import Dispatch
import HTTPMessages
import JSONText
import Promises
import Studies
import StudyDefinitions

/// Algorithms side by side.
extension TuningAPI {
  var comparisonRoutes: [Route] {
    [Route("/v1/comparisons/adhoc", .get(query: ["studies"], inTurn(compareStudies)))]
  }

  /// How many studies are compared at most.
  private static var mostComparedStudies: Int { 200 }
  /// How many trials are read for a comparison at most.
  private static var mostComparedTrials: Int { 1_000_000 }
  /// How many trials are read at once: few enough that no read lasts long.
  private static var briefsPerPage: Int { 4096 }

  @Sendable private func compareStudies(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
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
    let trials = studies.map(\.counts.numbered).reduce(0, +)
    guard trials <= Self.mostComparedTrials else {
      throw .badQuery(
        "studies", "These studies have \(trials) trials, and a comparison may have \(Self.mostComparedTrials).")
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

  /// Compares studies as they are, or takes what was computed when they were the same.
  private func comparison(_ compared: ComparedStudies) async throws(APIProblem) -> Comparison {
    let studies = compared.groups.flatMap(\.studies)
    let key = ComparisonCache.Key(studies)
    if let known = comparisons.find(key) { return known }
    var briefs: [String: [TrialBrief]] = [:]
    for study in studies {
      let setting = progressSetting(of: study)
      var own: [TrialBrief] = []
      while true {
        let page = try await reader.briefs(
          of: study, setting: setting, beyond: own.last?.number ?? 0, limit: Self.briefsPerPage)
        own += page
        guard page.count == Self.briefsPerPage, own.count < Self.mostComparedTrials else { break }
      }
      briefs[study.name] = own
    }
    let read = briefs
    let constants = studies.map { study in
      progressSetting(of: study).flatMap { study.resolved.constants[$0]?.number }
    }
    // Away from the threads that answer requests: it takes up to seconds.
    let made = await DispatchQueue.global().value {
      let races = ComparisonRaces(read)
      var iterations = constants[...]
      let entries = compared.groups.map { group in
        Comparison.Entry(
          name: group.name, races: group.studies.map { races.race($0, iterations: iterations.popFirst() ?? nil) })
      }
      return Comparison(entries, maximize: studies.first?.goal == .maximize)
    }
    comparisons.keep(made, key)
    return made
  }

  /// The setting that counts a study's iterations; nil where none does.
  private func progressSetting(of study: Study) -> String? {
    let model = configuration.context.models.first { $0.kind == study.resolved.modelKind }
    if let model { return model.progressSetting }
    return study.resolved.space.parameters.contains { $0.name == "iterations" } ? "iterations" : nil
  }
}
