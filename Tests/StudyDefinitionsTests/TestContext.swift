import DataFacts
import JSONText
import SearchSpace
import StudyDefinitions

extension DefinitionContext {
  /// Three data sets, a table of results, a perceptron with the contract's settings, and the algorithms.
  static var test: DefinitionContext {
    let cats = DatasetFacts(
      name: "cats", examples: 209, secondPartExamples: 50, shape: [64, 64, 3], classes: ["no", "yes"],
      examplesPerClass: [137, 72], sha256: String(repeating: "0f", count: 32), origin: "tests")
    let rare = DatasetFacts(
      name: "rare", examples: 12, secondPartExamples: 0, shape: [4], classes: ["a", "b", "c"],
      examplesPerClass: [6, 4, 2], sha256: String(repeating: "1e", count: 32), origin: "tests")
    let lonely = DatasetFacts(
      name: "lonely", examples: 4, secondPartExamples: 0, shape: [4], classes: ["a", "b"],
      examplesPerClass: [3, 1], sha256: String(repeating: "2d", count: 32), origin: "tests")
    let datasets = ["cats": cats, "rare": rare, "lonely": lonely, "tried": .tried]
    return DefinitionContext(
      dataset: { datasets[$0] }, datasetNames: { Array(datasets.keys) }, models: [.perceptron],
      algorithms: [
        .auto, .grid, .random, .approximateGradient, .halving("successive_halving"), .halving("hyperband"),
        .learning("gaussian_process"), .learning("tpe"), .learning("rbf_surrogate"),
      ],
      pruningRules: [.median, .threshold],
      automatic: { task in
        task.trials.map { $0 >= task.space.gridSize ?? .max } ?? false
          ? AlgorithmChoice(name: "grid", reason: "It fits.")
          : AlgorithmChoice(name: "approximate_gradient", reason: "It does not fit \(task.parallelism).")
      },
      trialMemory: 4 * 1_073_741_824, numerics: 3)
  }
}

extension DatasetFacts {
  /// A table of results with columns of every sort; row 3 holds no number as its accuracy.
  static var tried: DatasetFacts {
    var facts = DatasetFacts(
      name: "tried", examples: 6, secondPartExamples: 0, shape: [], classes: [], examplesPerClass: [],
      sha256: String(repeating: "3c", count: 32), origin: "tests")
    facts.columns = [
      ResultsColumn(name: "units"), ResultsColumn(name: "kind", firstText: .init(row: 2, text: "relu")),
      ResultsColumn(name: "loss"), ResultsColumn(name: "accuracy", firstText: .init(row: 3, text: "")),
      ResultsColumn(name: "compute_seconds"),
    ]
    return facts
  }
}

extension ModelFacts {
  static var perceptron: ModelFacts {
    func real(_ name: String, _ maximum: Double, above: Bool = false, below: Bool = false, _ value: Double)
      -> ParameterDescription
    {
      ParameterDescription(
        name: name, kind: .real(minimum: 0, maximum: maximum, minimumExclusive: above, maximumExclusive: below),
        defaultValue: .real(value), help: "")
    }
    func integer(
      _ name: String, _ range: ClosedRange<Int>, _ value: Int?, isStructural: Bool = false
    ) -> ParameterDescription {
      ParameterDescription(
        name: name, kind: .integer(minimum: range.lowerBound, maximum: range.upperBound),
        defaultValue: value.map { .integer($0) }, help: "", isStructural: isStructural)
    }
    func names(_ name: String, _ names: [String], tunable: Bool = true) -> ParameterDescription {
      ParameterDescription(
        name: name, kind: .categorical(names), defaultValue: .string(names[0]), help: "", tunable: tunable)
    }
    return ModelFacts(
      kind: "mlp", summary: "A multi-layer perceptron.",
      parameters: [integer("layers", 0...8, nil, isStructural: true)]
        + (1...8).map { integer("units_\($0)", 1...100_000, nil) } + [
          names("activation", ["relu", "sigmoid", "tanh"]),
          real("learning_rate", 100, above: true, 0.0075), integer("iterations", 1...1_000_000, 1000),
          real("dropout", 1, below: true, 0), real("momentum", 1, below: true, 0), real("weight_decay", 1000, 0),
          integer("batch_size", 0...1_000_000, 0), names("optimizer", ["gradient_descent", "adam"]),
          names("initialization", ["lecun", "xavier", "he"]),
          names("precision", ["float32", "float64"], tunable: false),
        ],
      repeated: [
        RepeatedSettings(
          count: "layers", block: "hidden layer",
          settings: [.init(stem: "units"), .init(stem: "activation", list: "activations")])
      ],
      progressSetting: "iterations",
      memory: { settings, dataset, _ in
        let units = (1...8).compactMap { settings["units_\($0)"]?.number }
        return units.reduce(0, +) * Double(dataset.features) * 4
      },
      operations: { _, _, _, _ in 1 })
  }
}

extension PruningFacts {
  static var median: PruningFacts {
    PruningFacts(
      name: "median", version: 3, summary: "", citation: "",
      options: [
        ParameterDescription(
          name: "warmup_steps", kind: .integer(minimum: 0, maximum: 1000), defaultValue: .integer(0), help: ""),
        ParameterDescription(
          name: "minimum_trials", kind: .integer(minimum: 1, maximum: 1000), defaultValue: .integer(5), help: ""),
      ])
  }
  static var threshold: PruningFacts {
    func bound(_ name: String) -> ParameterDescription {
      ParameterDescription(
        name: name,
        kind: .real(minimum: -.infinity, maximum: .infinity, minimumExclusive: false, maximumExclusive: false),
        defaultValue: nil, help: "")
    }
    return PruningFacts(
      name: "threshold", version: 1, summary: "", citation: "", options: [bound("lower"), bound("upper")],
      needsOneOf: ["lower", "upper"], ascending: AscendingOptions("lower", "upper"))
  }
}

extension AlgorithmFacts {
  static var auto: AlgorithmFacts {
    AlgorithmFacts(name: automaticName, version: 1, summary: "", citation: "", options: [], usesBudget: true)
  }
  static var grid: AlgorithmFacts {
    AlgorithmFacts(
      name: "grid", version: 1, summary: "", citation: "", options: [], usesBudget: false, needsGrid: true,
      coversGrid: true)
  }
  static var random: AlgorithmFacts {
    AlgorithmFacts(
      name: "random", version: 2, summary: "", citation: "", options: [], usesBudget: false, needsGrid: false,
      coversGrid: false)
  }
  static func learning(_ name: String) -> AlgorithmFacts {
    AlgorithmFacts(name: name, version: 1, summary: "", citation: "", options: [])
  }
  static func halving(_ name: String) -> AlgorithmFacts {
    AlgorithmFacts(
      name: name, version: 1, summary: "", citation: "",
      options: [
        ParameterDescription(name: "resource", kind: .parameterName, defaultValue: nil, help: ""),
        ParameterDescription(
          name: "eta", kind: .integer(minimum: 2, maximum: 1000), defaultValue: .integer(3), help: ""),
      ], usesBudget: true)
  }
  static var approximateGradient: AlgorithmFacts {
    AlgorithmFacts(
      name: "approximate_gradient", version: 5, summary: "", citation: "",
      options: [
        ParameterDescription(
          name: "preset", kind: .categorical(["adaptive", "paper"]), defaultValue: .string("adaptive"), help: ""),
        ParameterDescription(
          name: "poll", kind: .categorical(["partial", "complete"]), defaultValue: .string("partial"), help: ""),
        ParameterDescription(
          name: "restarts", kind: .integer(minimum: 1, maximum: 1_000_000), defaultValue: nil, help: ""),
      ], usesBudget: false, needsGrid: false, coversGrid: false,
      forms: [AlgorithmForm(option: "preset", value: "paper", version: 1, options: ["restarts"], needsGrid: true)])
  }
}

/// Parses JSON that a test writes.
func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

/// Resolves a body in the test context.
func resolve(_ body: JSONValue) throws -> ResolvedDefinition {
  try DefinitionValidator(context: .test).resolve(body) { "study-00000000" }
}

/// Every fault of a body, none if it is valid.
func faults(_ body: JSONValue) -> [Fault] {
  do {
    _ = try DefinitionValidator(context: .test).resolve(body) { "study-00000000" }
    return []
  } catch {
    return error.faults
  }
}

/// A small valid definition, with members replaced, added, or (by null) taken away, as a merge patch has it.
func body(_ changes: String = "{}") throws -> JSONValue {
  let base = try json(
    """
    {"name": "n", "dataset": "cats", "model": {"kind": "mlp", "units_1": 5},
     "parameters": {"learning_rate": {"type": "real", "values": [0.1, 0.01]}},
     "algorithm": {"name": "grid"}}
    """)
  return base.merging(try json(changes))
}
