import DataFacts
import JSONText
import SearchSpace

extension DefinitionResolver {
  /// The largest point must fit into `--trial-memory`, by the model's own formula.
  mutating func checkMemory(of definition: ResolvedDefinition, model: ModelFacts, dataset: DatasetFacts) {
    // The repeats of a trial that may be pruned are trained side by side.
    let trainings = definition.pruning == nil ? 1 : Double(definition.repeats)
    let largest = Self.largestMemory(of: definition) { point in
      trainings
        * model.memory(definition.settings(for: point, repeated: model.repeated), dataset, definition.trainingSplit)
    }
    guard largest > context.trialMemory else { return }
    faults.add(
      JSONPointer.root.appending("parameters"),
      "The largest point would need about \(Self.size(largest)) by Cairn's formula, more than the "
        + "\(Self.size(context.trialMemory)) of --trial-memory.")
  }

  /// The data set must be one that the model takes, and at least one point must be one that can be trained.
  mutating func checkUse(of definition: ResolvedDefinition, model: ModelFacts, dataset: DatasetFacts, root: Members) {
    if let reason = model.refusal(dataset) {
      faults.add(root.at("dataset"), "\(dataset.name) cannot be used with this model: \(reason).")
    } else if let reason = model.infeasibility(definition.choices(repeated: model.repeated), dataset) {
      faults.add(root.at("parameters"), "No point of these parameters can be trained: \(reason).")
    }
  }

  /// The memory of the largest point, found by coordinate ascent over the ends of each parameter.
  ///
  /// The formula rises or falls with each setting alone (`batch_size` falls from 0, which is the full batch), so
  /// the largest point lies at ends; a second pass lets settings that depend on one another settle (how many blocks
  /// there are, and what each has).
  private static func largestMemory(
    of definition: ResolvedDefinition, memory: (Point) -> Double
  ) -> Double {
    let ends = definition.space.parameters.map { (name: $0.name, values: $0.domain.ends) }
    var point = Point(Dictionary(ends.map { ($0.name, $0.values[$0.values.count - 1]) }) { first, _ in first })
    var largest = memory(point)
    for _ in 0..<2 {
      for (name, values) in ends {
        for value in values where point[name] != value {
          var other = point
          other[name] = value
          let needed = memory(other)
          if needed > largest {
            largest = needed
            point = other
          }
        }
      }
    }
    return largest
  }

  /// Bytes for a person, in GiB or MiB to one decimal.
  private static func size(_ bytes: Double) -> String {
    let gibibyte = 1_073_741_824.0
    let (unit, name) = bytes >= gibibyte ? (gibibyte, "GiB") : (gibibyte / 1024, "MiB")
    return "\(JSONNumber.text((bytes / unit * 10).rounded() / 10)) \(name)"
  }
}

extension Parameter.Domain {
  /// The values that a rising or falling quantity can be largest at, the largest number last: the ends of numbers
  /// (and the next after 0, which can have a meaning of its own), and every category that is no number.
  var ends: [ParameterValue] {
    switch self {
    case .levels(let values): return [values[0], values[min(1, values.count - 1)], values[values.count - 1]]
    case .categories(let values):
      let numbers = values.filter { $0.number != nil }.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
      return values.filter { $0.number == nil } + numbers
    case .integerRange(let minimum, let maximum, _):
      return [.integer(minimum), .integer(minimum + 1), .integer(maximum)]
    case .realRange(let minimum, let maximum, _): return [.real(minimum), .real(maximum)]
    }
  }
}
