import JSONText
import SearchSpace

extension ResolvedDefinition {
  /// Everything that decides a training's bits, as canonical JSON (RFC 8785): two trainings with one text are one.
  ///
  /// `settings` are the model's at the point, `stream` that of the draws, `numerics` the version of the arithmetic that
  /// trains.
  public func evaluationText(settings: [String: ParameterValue], stream: Int, numerics: Int) -> String {
    let text: JSONValue = [
      "dataset": .string(datasetSHA256),
      "split": trainingSplit.keyJSON,
      "training_seed": .number(Double(trainingSeed)),
      "stream": .number(Double(stream)),
      "model": .string(modelKind),
      "settings": Point.object(settings),
      "numerics": .number(Double(numerics)),
    ]
    return text.canonicalText
  }
}
