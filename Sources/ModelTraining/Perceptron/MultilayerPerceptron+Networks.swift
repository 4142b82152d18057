import NumericKernels

extension MultilayerPerceptron {
  public static func networks(
    _ request: EvaluationRequest, after updates: Int, sharing cache: FoldCache, isCancelled: () -> Bool
  ) throws -> [TrainedFold]? {
    let settings = PerceptronSettings(request.settings)
    func networks<Scalar: KernelScalar>(_ type: Scalar.Type) throws -> [TrainedFold]? {
      try TrainedFold.folds(
        try trainings(request, settings, type, cache), request, after: updates, isCancelled: isCancelled)
    }
    return switch settings.precision {
    case .single: try networks(Float.self)
    case .double: try networks(Double.self)
    }
  }
}
