import Analysis
import Dispatch
import Studies
import StudyDefinitions

extension TuningAPI {
  /// The examples that the trials of a study are scored on; of a study from before they were counted they are counted
  /// now, where its data set is there and was read already, or `mayWait`.
  func scoredPart(_ study: Study, mayWait: Bool) async -> ScoredPart? {
    if let part = study.resolved.scored ?? facts.part(of: study.id) { return part }
    guard mayWait else { return nil }
    let resolved = study.resolved
    // One that cannot be read tells nothing.
    try? await configuration.library?.examined(resolved.dataset)
    guard let dataset = configuration.context.dataset(resolved.dataset), dataset.sha256 == resolved.datasetSHA256,
      let part = configuration.context.scoredPart(of: dataset, resolved.trainingSplit)
    else { return nil }
    facts.keep(part, of: study.id)
    return part
  }

  /// Which points cannot be told apart from the best.
  func leaders(_ study: Study, _ scoring: Scoring) async throws(APIProblem) -> Leaders {
    if let known = facts.leaders(of: study.id, revision: study.revision) { return known }
    let points = try await reader.repeatedPoints(of: study)
    let definition = study.resolved
    // A thousand points with a hundred runs each take some milliseconds.
    let found = await DispatchQueue.global().value {
      Leaders(points.map { ScoredRuns($0, definition) }, scoring, maximize: definition.goal == .maximize)
    }
    facts.keep(found, of: study.id, revision: study.revision)
    return found
  }

  /// What a best point scores on the part that the search never sees; of the best few of a study that has one.
  func final(_ study: Study, _ point: BestPoint, place: Int) async -> TestResult {
    guard study.resolved.final != nil, place < KeptModels.scoredPoints else { return .none }
    return await result(study, point)
  }

  /// What a best point scores on the last part of a split that has one, once the study has ended; nil where there is no
  /// such part.
  func test(_ study: Study, _ point: BestPoint, place: Int) async -> TestResult? {
    guard study.resolved.split.hasTestPart, study.state.isFinished, service.models != nil else { return nil }
    return place < KeptModels.points ? await result(study, point) : TestResult.none
  }

  private func result(_ study: Study, _ point: BestPoint) async -> TestResult {
    guard service.models != nil, let number = point.trials.first else { return .none }
    guard study.state.isFinished else { return .pending }
    if let known = facts.final(number, of: study.id) { return .scored(known) }
    let found = await service.testResult(ofTrial: number, of: study)
    if case .scored(let score) = found { facts.keep(score, number: number, of: study.id) }
    return found
  }

  /// What a model's catalogue allows of each of its numeric settings.
  func ends(ofModel kind: String) -> [String: ClosedRange<Double>] {
    var ends: [String: ClosedRange<Double>] = [:]
    for parameter in configuration.context.models.first(where: { $0.kind == kind })?.parameters ?? [] {
      switch parameter.kind {
      case .integer(let minimum, let maximum): ends[parameter.name] = Double(minimum)...Double(maximum)
      case .integers(let allowed):
        if let least = allowed.first, let most = allowed.last { ends[parameter.name] = Double(least)...Double(most) }
      case .real(let minimum, let maximum, _, _): ends[parameter.name] = minimum...maximum
      case .categorical, .parameterName: break
      }
    }
    return ends
  }
}
