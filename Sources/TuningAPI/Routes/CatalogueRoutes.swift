import HTTPMessages
import JSONText
import SearchSpace
import StudyDefinitions

/// What definitions may name beside data sets: models, algorithms and pruning rules.
extension TuningAPI {
  var catalogueRoutes: [Route] {
    [
      Route("/v1/models", .get(query: .names(Pager.names), listModels)),
      Route("/v1/algorithms", .get(query: .names(Pager.names), listAlgorithms)),
      Route("/v1/pruning-rules", .get(query: .names(Pager.names), listPruningRules)),
    ]
  }

  @Sendable private func listModels(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try list(request, "models", configuration.context.models + [.table], key: \.kind) { model, writer in
      writer.object { writer in
        writer.member("kind", model.kind)
        writer.member("summary", model.summary)
        writer.array("parameters", of: model.parameters, Self.write)
      }
    }
  }

  @Sendable private func listAlgorithms(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try list(request, "algorithms", configuration.context.algorithms, key: \.name) { algorithm, writer in
      writer.object { writer in
        writer.member("name", algorithm.name)
        writer.member("version", algorithm.version)
        writer.member("summary", algorithm.summary)
        writer.member("citation", algorithm.citation)
        writer.array("options", of: algorithm.options, Self.write)
        writer.member("uses_budget", algorithm.usesBudget)
        writer.member("needs_grid", algorithm.needsGrid)
        writer.array("forms", of: algorithm.allForms) { form, writer in
          writer.object { writer in
            writer.member("option", form.option)
            writer.member("value", form.value)
            writer.member("version", form.version)
            writer.array("options", of: form.options) { $1.string($0) }
            writer.member("needs_grid", form.needsGrid)
          }
        }
      }
    }
  }

  @Sendable private func listPruningRules(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    try list(request, "pruning-rules", configuration.context.pruningRules, key: \.name) { rule, writer in
      writer.object { writer in
        writer.member("name", rule.name)
        writer.member("version", rule.version)
        writer.member("summary", rule.summary)
        writer.member("citation", rule.citation)
        writer.array("options", of: rule.options, Self.write)
        writer.array("needs_one_of", of: rule.needsOneOf) { $1.string($0) }
      }
    }
  }

  private static func write(_ description: ParameterDescription, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", description.name)
      switch description.kind {
      case .integer(let minimum, let maximum):
        writer.member("type", "integer")
        writer.member("min", minimum)
        writer.member("max", maximum)
      case .integers(let allowed):
        writer.member("type", "integer")
        writer.member("min", allowed.min())
        writer.member("max", allowed.max())
        writer.array("values", of: allowed) { $1.integer($0) }
      case .real(let minimum, let maximum, let minimumExclusive, let maximumExclusive):
        writer.member("type", "real")
        writer.member(minimumExclusive ? "exclusive_min" : "min", minimum.isFinite ? minimum : nil)
        writer.member(maximumExclusive ? "exclusive_max" : "max", maximum.isFinite ? maximum : nil)
      case .categorical(let names):
        writer.member("type", "categorical")
        writer.array("values", of: names) { $1.string($0) }
      case .parameterName: writer.member("type", "parameter")
      }
      writer.member("default", description.defaultValue?.json ?? .null)
      writer.member("tunable", description.tunable)
      writer.member("help", description.help)
    }
  }
}
