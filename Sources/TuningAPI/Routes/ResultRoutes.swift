import Analysis
import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// A study's best points, and a study as a caller sees it.
extension TuningAPI {
  @Sendable func bestPoints(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let count = try request.query.integer("count", in: 1...1000, default: 10)
    let study = try await study(request).value
    let found = try await reader.bestPoints(of: study, count: count)
    let scoring = Scoring(study.resolved, scored: await scoredPart(study, mayWait: true))
    var views: [BestPointView] = []
    for (place, point) in found.value.enumerated() {
      views.append(
        BestPointView(
          point: point, scoring: scoring, final: await final(study, point, place: place),
          isLoss: study.resolved.isOfALoss, test: await test(study, point, place: place)))
    }
    let compared = LeadersView(
      leaders: try await leaders(study, scoring), scoring: scoring, best: found.value.first,
      mayRepeat: study.resolved.isTrained)
    return try json(request, position: found.position) { writer in
      writer.object { writer in
        writer.array("items", of: views) { $0.write(to: &$1) }
        compared.write(to: &writer)
      }
    }
  }

  /// A study with what no row says.
  func view(_ study: Study) async throws(APIProblem) -> StudyView {
    let best = try await reader.bestPoints(of: study, count: 1).value.first
    return await view(study, best: best, mayWait: true)
  }

  /// A study whose best point is known. `mayWait`: for a data set that is still being read.
  func view(_ study: Study, best: BestPoint?, mayWait: Bool) async -> StudyView {
    let scored = await scoredPart(study, mayWait: mayWait)
    var view: BestPointView?
    if let best {
      view = BestPointView(
        point: best, scoring: Scoring(study.resolved, scored: scored),
        final: await final(study, best, place: 0), isLoss: study.resolved.isOfALoss, test: nil)
    }
    return StudyView(
      study: study, live: service.live(study.id), best: view,
      warnings: StudyWarning.of(study, best: best, scored: scored, ends: ends(ofModel: study.resolved.modelKind)),
      now: configuration.clock.seconds())
  }
}

extension ResolvedDefinition {
  /// Whether its objective is a loss; else it is an accuracy.
  fileprivate var isOfALoss: Bool { metric == "validation_loss" }
}
