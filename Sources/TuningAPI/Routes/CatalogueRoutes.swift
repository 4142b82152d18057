import HTTPMessages
import JSONText
import SearchSpace
import StudyDefinitions

/// What definitions may name beside data sets: models and algorithms.
extension TuningAPI {
  var catalogueRoutes: [Route] {
    [
      Route("/v1/models", ["GET": listModels]),
      Route("/v1/algorithms", ["GET": listAlgorithms]),
    ]
  }

  @Sendable private func listModels(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try list(request, "models", configuration.context.models, key: \.kind) { model, writer in
      writer.beginObject()
      writer.member("kind", model.kind)
      writer.member("summary", model.summary)
      writer.name("parameters")
      Self.write(model.parameters, to: &writer)
      writer.endObject()
    }
  }

  @Sendable private func listAlgorithms(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try list(request, "algorithms", configuration.context.algorithms, key: \.name) { algorithm, writer in
      writer.beginObject()
      writer.member("name", algorithm.name)
      writer.member("version", algorithm.version)
      writer.member("summary", algorithm.summary)
      writer.member("citation", algorithm.citation)
      writer.name("options")
      Self.write(algorithm.options, to: &writer)
      writer.name("uses_budget")
      writer.bool(algorithm.usesBudget)
      writer.name("needs_grid")
      writer.bool(algorithm.needsGrid)
      writer.endObject()
    }
  }

  private static func write(_ descriptions: [ParameterDescription], to writer: inout JSONWriter) {
    writer.beginArray()
    for description in descriptions {
      writer.beginObject()
      writer.member("name", description.name)
      switch description.kind {
      case .integer(let minimum, let maximum):
        writer.member("type", "integer")
        writer.member("min", minimum)
        writer.member("max", maximum)
      case .real(let minimum, let maximum, let minimumExclusive, let maximumExclusive):
        writer.member("type", "real")
        writer.member(minimumExclusive ? "exclusive_min" : "min", minimum.isFinite ? minimum : nil)
        writer.member(maximumExclusive ? "exclusive_max" : "max", maximum.isFinite ? maximum : nil)
      case .categorical(let names):
        writer.member("type", "categorical")
        writer.member("values", .array(names.map { .string($0) }))
      }
      writer.member("default", description.defaultValue?.json ?? .null)
      writer.name("tunable")
      writer.bool(description.tunable)
      writer.member("help", description.help)
      writer.endObject()
    }
    writer.endArray()
  }
}
