import Analysis
import Foundation
import Promises
import Studies
import StudyDefinitions

/// What is known of studies' results and never changes, so that no list reads it again: the examples that trials of older
/// studies are scored on, and what trials scored on what the search never sees.
final class ResultFacts: Sendable {
  /// How many of each are kept; beyond that all are forgotten, and read again when asked for.
  private static let most = 10_000

  private struct Scored: Hashable {
    var study: UUID
    var number: Int
  }

  private let parts = Locked<[UUID: ScoredPart]>([:])
  private let finals = Locked<[Scored: TestScore]>([:])

  /// The examples that the trials of a study are scored on; nil where nobody has found out yet.
  func part(of study: UUID) -> ScoredPart? { parts.withLock { $0[study] } }

  func keep(_ part: ScoredPart, of study: UUID) {
    parts.withLock { parts in
      if parts.count >= Self.most { parts = [:] }
      parts[study] = part
    }
  }

  /// What a trial scored at the end, mean over all its networks; nil where nobody has found out yet.
  func final(_ number: Int, of study: UUID) -> TestScore? {
    finals.withLock { $0[Scored(study: study, number: number)] }
  }

  func keep(_ score: TestScore, number: Int, of study: UUID) {
    finals.withLock { finals in
      if finals.count >= Self.most { finals = [:] }
      finals[Scored(study: study, number: number)] = score
    }
  }
}

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
      case .real(let minimum, let maximum, _, _): ends[parameter.name] = minimum...maximum
      case .categorical, .parameterName: break
      }
    }
    return ends
  }
}
