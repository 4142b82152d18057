import Analysis
import HTTPMessages
import JSONText
import Studies

/// A study's best points, and a study as a caller sees it.
extension TuningAPI {
  @Sendable func bestPoints(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let query = try Query(request.http, known: ["count"])
    let count = try query.integer("count", in: 1...1000, default: 10)
    let study = try await study(request).value
    let found = try await read { () async throws(StoreError) in
      try await store.bestPoints(study: study.id, maximize: study.resolved.goal == .maximize, count: count)
    }
    let scoring = Scoring(study.resolved, scored: await scoredPart(study, mayWait: true))
    var views: [BestPointView] = []
    for (place, point) in found.value.enumerated() {
      views.append(
        BestPointView(
          point: point, scoring: scoring, final: try await final(study, point, place: place, mayTrain: true),
          test: try await test(study, point, place: place)))
    }
    return try json(request, position: found.position) { writer in
      writer.beginObject()
      writer.name("items")
      writer.beginArray()
      for view in views { view.write(to: &writer) }
      writer.endArray()
      writer.endObject()
    }
  }

  /// What a point scores on the last part of a split that has one, once the study has ended. A nil inside is not known
  /// yet, one outside is none.
  private func test(_ study: Study, _ point: BestPoint, place: Int) async throws(APIProblem) -> TestScore?? {
    guard study.resolved.split.hasTestPart, study.state.isFinished, let shelf = service.models else { return nil }
    guard place < Self.testedPoints, let number = point.trials.first else { return .some(nil) }
    return .some(try await endScore(study, number, shelf, mayTrain: true))
  }

  /// Of how many points the score on the last part is told: those whose models are kept.
  private static var testedPoints: Int { 10 }

  /// Whether the rows of a list are to have what is long of a study.
  static func includesDefinition(_ query: Query) throws(APIProblem) -> Bool {
    guard let text = query["include"] else { return false }
    guard text.utf8.elementsEqual("definition".utf8) else {
      throw .badQuery("include", "include is \"\(text)\"; it should be definition, or be left out.")
    }
    return true
  }

  /// A study with what no row says.
  func view(_ study: Study) async throws(APIProblem) -> StudyView {
    let best = try await read { () async throws(StoreError) in
      try await store.bestPoints(study: study.id, maximize: study.resolved.goal == .maximize, count: 1).value.first
    }
    return try await view(study, best: best, mayWait: true)
  }

  /// A study whose best point is known. `mayWait`: for a data set that is still being read.
  func view(_ study: Study, best: BestPoint?, mayWait: Bool) async throws(APIProblem) -> StudyView {
    let scored = await scoredPart(study, mayWait: mayWait)
    var view: BestPointView?
    if let best {
      view = BestPointView(
        point: best, scoring: Scoring(study.resolved, scored: scored),
        final: try await final(study, best, place: 0, mayTrain: false), test: nil)
    }
    return StudyView(
      study: study, live: service.live(study.id), best: view,
      warnings: StudyWarning.of(study, best: best, scored: scored, ends: ends(ofModel: study.resolved.modelKind)),
      now: configuration.clock.seconds())
  }
}
