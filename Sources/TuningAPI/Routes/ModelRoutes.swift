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
      Route("/v1/studies/{name}/trials/{number}/model", ["GET": getModel]),
      Route("/v1/studies/{name}/trials/{number}/predict", ["POST": predict]),
    ]
  }

  /// How long the answer about a model that is kept waits where it is still being trained, in seconds.
  private static let patience = 10.0
  /// The most examples of one request.
  private static let mostExamples = 1000

  @Sendable private func getModel(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let type = "application/octet-stream"
    try Accept.check(request.http, type)
    let (study, trial, key, shelf) = try await wanted(request)
    guard let file = try await trained(study, trial, key, { await shelf.file(key) }) else {
      return try underway(request)
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
    let examples: [[Double]]
    do throws(StudyError) {
      examples = try ExampleList(body, features: known, most: Self.mostExamples).examples
    } catch { throw APIProblem(error) }
    guard let model = try await trained(study, trial, key, { await shelf.model(key) }) else {
      return try underway(request)
    }
    do throws(StudyError) {
      _ = try ExampleList(body, features: model.features, most: Self.mostExamples)
    } catch { throw APIProblem(error) }
    // A large network takes a while, which a cooperative thread must not.
    let predictions = await DispatchQueue.global().value { examples.map { model.prediction(for: $0) } }
    let faults = predictions.indices.filter { !predictions[$0].probabilities.allSatisfy(\.isFinite) }.map {
      DefinitionFault(pointer: "/examples/\($0)", detail: "The example's numbers are too large for the model.")
    }
    guard faults.isEmpty else { throw APIProblem(StudyError.invalid(faults)) }
    return try json(request) { writer in
      writer.beginObject()
      writer.name("classes")
      writer.beginArray()
      for name in model.classes { writer.string(name) }
      writer.endArray()
      writer.name("predictions")
      writer.beginArray()
      for prediction in predictions {
        writer.beginObject()
        writer.member("class", model.classes[prediction.label])
        writer.name("probabilities")
        writer.beginArray()
        for probability in prediction.probabilities { writer.number(probability) }
        writer.endArray()
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
    }
  }

  /// Which model is asked for; a problem where there cannot be one.
  private func wanted(
    _ request: RouteRequest
  ) async throws(APIProblem) -> (study: Study, trial: Trial, key: ModelKey, shelf: any ModelShelf) {
    let query = try Query(request.http, known: ["repeat", "fold"])
    let study = try await study(request).value
    guard let number = Int(request["number"]), number >= 1, "\(number)" == request["number"] else {
      throw .notFound("There is no trial \(request["number"]); trials are numbered from 1.")
    }
    let found = try await read { () async throws(StoreError) in try await store.trial(study: study.id, number: number) }
    guard let trial = found?.value else { throw .notFound("Study \(study.name) has no trial \(number).") }
    var folds = 1
    if case .folds(let count) = study.resolved.split { folds = count }
    let key = ModelKey(
      study: study.id, number: number,
      repetition: try query.integer("repeat", in: 0...study.resolved.repeats - 1, default: 0),
      fold: try query.integer("fold", in: 0...folds - 1, default: 0))
    guard trial.state == .completed else {
      throw APIProblem(
        StudyError.conflict("Trial \(number) is \(trial.state.rawValue); only a completed one has a model."))
    }
    guard let shelf = service.models else { throw .unavailable("This service keeps no models.") }
    return (study, trial, key, shelf)
  }

  /// What `look` finds on the shelf; where it finds nothing the model is trained, and nil says that it takes a while.
  private func trained<Found: Sendable>(
    _ study: Study, _ trial: Trial, _ key: ModelKey, _ look: () async -> Found?
  ) async throws(APIProblem) -> Found? {
    if let found = await look() { return found }
    let definition = study.resolved
    try await examined(definition.dataset)
    guard configuration.context.hasContent(definition.datasetSHA256, of: definition.dataset) else {
      throw APIProblem(
        StudyError.conflict(
          "The model is not kept, and cannot be trained: data set \(definition.dataset) no longer has the content that "
            + "the study used; add that content again first."))
    }
    let isKept = try await ask { () async throws(StudyError) in
      try await service.train(trial, of: study, repetition: key.repetition)
    }
    guard isKept, key.repetition == 0 else { return nil }
    let end = configuration.clock.seconds() + Self.patience
    while configuration.clock.seconds() < end, !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(20))
      if let found = await look() { return found }
    }
    return nil
  }

  /// 202: the model is being trained.
  private func underway(_ request: RouteRequest) throws(APIProblem) -> HTTPResponse {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("state", "training")
    writer.member("detail", "The model is being trained, ahead of new trials; ask again soon.")
    writer.endObject()
    return HTTPResponse(
      status: 202,
      headers: HTTPHeaders([("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Retry-After", "1")]),
      body: writer.bytes)
  }
}

/// The examples of a body, every fault named.
struct ExampleList {
  /// One array of numbers an example.
  let examples: [[Double]]

  /// Reads `{"examples": [[…], …]}`; `features`, if given, is how many numbers an example must have.
  init(_ body: JSONValue, features: Int?, most: Int) throws(StudyError) {
    guard case .object(let object) = body else {
      throw .invalid([DefinitionFault(pointer: "", detail: "The body must be an object with examples.")])
    }
    var faults: [DefinitionFault] = []
    for member in object.members where member.name != "examples" {
      faults.append(
        DefinitionFault(
          pointer: JSONPointer.root.appending(member.name).text,
          detail: "Unknown key \(JSONValue.string(member.name).text); the nearest known one is \"examples\"."))
    }
    let pointer = JSONPointer.root.appending("examples")
    guard let values = object["examples"]?.arrayValue else {
      let detail = "examples must be a list with a list of numbers for each example."
      faults.append(DefinitionFault(pointer: object["examples"] == nil ? "" : pointer.text, detail: detail))
      throw .invalid(faults)
    }
    if values.isEmpty || values.count > most {
      faults.append(
        DefinitionFault(
          pointer: pointer.text, detail: "There are \(values.count) examples; give 1 to \(most)."))
    }
    var examples: [[Double]] = []
    for (index, value) in values.prefix(most).enumerated() {
      let place = pointer.appending("\(index)")
      guard let elements = value.arrayValue else {
        faults.append(DefinitionFault(pointer: place.text, detail: "An example must be a list of numbers."))
        continue
      }
      if let features, elements.count != features {
        faults.append(
          DefinitionFault(
            pointer: place.text,
            detail: "The example has \(elements.count) numbers; those of this data set have \(features)."))
      }
      for (column, element) in elements.enumerated() where element.numberValue == nil {
        faults.append(
          DefinitionFault(pointer: place.appending("\(column)").text, detail: "A feature must be a number."))
      }
      examples.append(elements.compactMap(\.numberValue))
    }
    guard faults.isEmpty else { throw .invalid(Array(faults.prefix(Self.mostFaults))) }
    self.examples = examples
  }

  /// The most faults that are told: a body of texts would else be answered by a longer one.
  private static let mostFaults = 100
}
