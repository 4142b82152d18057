import Dispatch
import Foundation
import HTTPMessages
import JSONText
import Promises
import Studies
import StudyDefinitions

/// The trained model of a trial: as a file, and asked about new examples.
extension TuningAPI {
  var modelRoutes: [Route] {
    [
      Route("/v1/studies/{name}/trials/{number}/model", .get(query: ["repeat", "fold"], getModel)),
      // After "it is being trained" the same request gets the predictions.
      Route(
        "/v1/studies/{name}/trials/{number}/predict",
        .post(query: ["repeat", "fold"], body: .json(), replay: .unlessAccepted, predict)),
    ]
  }

  /// How long the answer about a model that is kept waits where it is still being trained, in seconds.
  static let patience = 10.0
  /// The most examples of one request.
  private static let mostExamples = 1000

  @Sendable private func getModel(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let type = "application/octet-stream"
    try accept(request, type)
    let (study, trial, key, shelf) = try await wanted(request)
    guard let file = try await trained(study, trial, key, { await shelf.file(key) }) else {
      return underway()
    }
    let name = "\(study.name)-\(key.number)-\(key.repetition)-\(key.fold).safetensors"
    return HTTPResponse(
      status: 200,
      headers: HTTPHeaders([
        ("Content-Type", type), ("Cache-Control", "no-cache"),
        ("Content-Disposition", "attachment; filename=\"\(name)\""), ("ETag", EntityTag.of(file)),
      ]), body: file)
  }

  @Sendable private func predict(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let (study, trial, key, shelf) = try await wanted(request)
    let body = try await body(request)
    // Without it a kept model can still be asked.
    try? await examined(study.resolved.dataset)
    let facts = configuration.context.dataset(study.resolved.dataset)
    let known = facts.flatMap { $0.sha256 == study.resolved.datasetSHA256 ? $0.features : nil }
    let examples = try ExampleList(body, features: known, most: Self.mostExamples).examples
    guard let model = try await trained(study, trial, key, { await shelf.model(key) }) else {
      return underway()
    }
    _ = try ExampleList(body, features: model.features, most: Self.mostExamples)
    // A large network takes a while, which a cooperative thread must not.
    let predictions = await DispatchQueue.global().value { examples.map { model.prediction(for: $0) } }
    let faults = predictions.indices.filter { !predictions[$0].probabilities.allSatisfy(\.isFinite) }.map {
      Fault(at: .root.appending("examples").appending($0), "The example's numbers are too large for the model.")
    }
    guard faults.isEmpty else { throw APIProblem(.invalid(faults)) }
    return try json(request) { writer in
      writer.object { writer in
        writer.array("classes", of: model.classes) { $1.string($0) }
        writer.array("predictions", of: predictions) { prediction, writer in
          writer.object { writer in
            writer.member("class", model.classes[prediction.label])
            writer.array("probabilities", of: prediction.probabilities) { $1.number($0) }
          }
        }
      }
    }
  }

  /// Which model is asked for; a problem where there cannot be one.
  func wanted(
    _ request: RouteRequest
  ) async throws(APIProblem) -> (study: Study, trial: Trial, key: ModelKey, shelf: any ModelShelf) {
    let query = request.query
    let study = try await study(request).value
    let trial = try await reader.trial(request["number"], of: study).value
    let key = ModelKey(
      study: study.id, number: trial.number,
      repetition: try query.integer("repeat", in: 0...study.resolved.repeats - 1, default: 0),
      fold: try query.integer("fold", in: 0...study.resolved.split.folds - 1, default: 0))
    guard study.resolved.isTrained else {
      throw APIProblem(
        StudyError.conflict(
          study.resolved.isExternal
            ? "The trials of study \(study.name) are run by its callers, who alone have their models."
            : "The trials of study \(study.name) are looked up in table \(study.resolved.dataset), which has no models."
        ))
    }
    guard trial.state == .completed else {
      throw APIProblem(
        StudyError.conflict("Trial \(trial.number) is \(trial.state.rawValue); only a completed one has a model."))
    }
    guard let shelf = service.models else { throw APIProblem(StudyError.keepsNoModels) }
    return (study, trial, key, shelf)
  }

  /// What `look` finds on the shelf; where it finds nothing the model is trained, and nil says that it takes a while.
  func trained<Found: Sendable>(
    _ study: Study, _ trial: Trial, _ key: ModelKey, _ look: () async -> Found?
  ) async throws(APIProblem) -> Found? {
    if let found = await look() { return found }
    let definition = study.resolved
    try await examined(definition.dataset)
    guard configuration.context.hasContent(definition.datasetSHA256, of: definition.dataset) else {
      throw APIProblem(
        StudyError.conflict("The model is not kept, and cannot be trained: \(definition.goneContent)"))
    }
    let isKept = try await ask { () async throws(StudyError) in
      try await service.train(trial, of: study, repetition: key.repetition)
    }
    guard isKept, key.repetition == 0 else { return nil }
    await service.waitForModel(key, seconds: Self.patience)
    return await look()
  }

  /// 202: what is asked for takes a while; by default because the model is being trained.
  func underway(
    _ state: String = "training", _ detail: String = "The model is being trained, ahead of new trials; ask again soon."
  ) -> HTTPResponse {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("state", state)
      writer.member("detail", detail)
    }
    return HTTPResponse(
      status: 202,
      headers: HTTPHeaders([("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Retry-After", "1")]),
      body: writer.bytes)
  }
}
