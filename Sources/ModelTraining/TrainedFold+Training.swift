extension TrainedFold {
  /// Trains every fold of a request, one after the other, and scores its network on the part that the search never sees;
  /// `make` begins the folds' trainings. Nil where cancelled; throws `DivergedTraining`, and where there is no such part.
  static func folds<Fold: FoldTraining>(
    _ make: [() -> Fold], _ request: EvaluationRequest, after updates: Int, isCancelled: () -> Bool
  ) throws -> [TrainedFold]? {
    var trained: [TrainedFold] = []
    for (make, places) in zip(make, try FoldPlaces.scored(request)) {
      let training = make()
      switch training.advance(to: updates, isCancelled: isCancelled) {
      case .updated: break
      case .cancelled: return nil
      case .diverged: throw DivergedTraining(iteration: training.iteration)
      }
      let read: TrainingMetrics?
      do throws(CancelledReading) { read = try training.metrics(isCancelled: isCancelled) } catch { return nil }
      guard let metrics = read else { throw DivergedTraining(iteration: updates) }
      let examples = TrainingExamples(dataset: request.dataset, places: places.training)
      guard let network = training.network(examples, isCancelled: isCancelled) else { return nil }
      let test = network.score(TrainingExamples(dataset: request.dataset, places: places.test))
      trained.append(TrainedFold(network: network, metrics: metrics, test: test))
    }
    return trained
  }
}
