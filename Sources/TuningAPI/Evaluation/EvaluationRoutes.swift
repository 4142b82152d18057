import HTTPMessages
import JSONText
import Studies
import StudyDefinitions

/// How a trial's networks did, class by class and example by example.
extension TuningAPI {
  var evaluationRoutes: [Route] {
    [Route("/v1/studies/{name}/trials/{number}/evaluation", .get(query: ["repeat"], getEvaluation))]
  }

  @Sendable private func getEvaluation(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try accept(request, "application/json")
    let (study, trial, key, shelf) = try await wanted(request)
    guard let evaluator = configuration.evaluator else { throw APIProblem(StudyError.keepsNoModels) }
    var found = evaluations.find(key)
    if found == nil {
      // Where one fold's model is not kept, all of the repeat's are trained.
      let isThere: Bool? = try await trained(study, trial, key) {
        for fold in 0..<study.resolved.split.folds {
          let one = ModelKey(study: key.study, number: key.number, repetition: key.repetition, fold: fold)
          guard await shelf.has(one) else { return nil }
        }
        return true
      }
      guard isThere != nil else { return underway() }
      found = try await evaluations.evaluation(key, seconds: Self.patience) { () async throws(StudyError) in
        try await evaluator.evaluation(of: trial, in: study, repetition: key.repetition)
      }
    }
    guard let found else {
      return underway("evaluating", "The model is being held against its examples; ask again soon.")
    }
    // Without it the numbers can still be told.
    try? await examined(study.resolved.dataset)
    let facts = configuration.context.dataset(study.resolved.dataset)
    // The name may mean another content by now.
    let isShown = facts.map { $0.sha256 == study.resolved.datasetSHA256 && ExamplePicture.isShape($0.shape) } ?? false
    let view = EvaluationView(
      evaluation: found, repetition: key.repetition, repeats: study.resolved.repeats,
      pictures: isShown ? "\(configuration.basePath.text)/v1/datasets/\(study.resolved.dataset)/examples/" : nil)
    return try json(request) { view.write(to: &$0) }
  }
}
