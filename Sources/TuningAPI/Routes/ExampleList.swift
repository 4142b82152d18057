import JSONText
import Studies
import StudyDefinitions

/// The examples of a body, every fault named.
struct ExampleList {
  /// The most faults that are told: a body of texts would else be answered by a longer one.
  private static let mostFaults = 100

  /// One array of numbers an example.
  let examples: [[Double]]

  /// Reads `{"examples": [[…], …]}`; `features`, if given, is how many numbers an example must have.
  init(_ body: JSONValue, features: Int?, most: Int) throws(APIProblem) {
    var faults = FaultList()
    guard let members = faults.members(of: body, at: .root, called: "The body", known: ["examples"]) else {
      throw APIProblem(.invalid(faults.faults))
    }
    let pointer = members.at("examples")
    guard let values = members["examples"]?.arrayValue else {
      let detail = "examples must be a list with a list of numbers for each example."
      if members["examples"] == nil { faults.add(.root, detail) } else { faults.add(pointer, detail) }
      throw APIProblem(.invalid(faults.faults))
    }
    if values.isEmpty || values.count > most {
      faults.add(pointer, "There are \(values.count) examples; give 1 to \(most).")
    }
    var examples: [[Double]] = []
    for (index, value) in values.prefix(most).enumerated() {
      let place = pointer.appending(index)
      guard let elements = value.arrayValue else {
        faults.add(place, "An example must be a list of numbers.")
        continue
      }
      if let features, elements.count != features {
        faults.add(place, "The example has \(elements.count) numbers; those of this data set have \(features).")
      }
      for (column, element) in elements.enumerated() where element.numberValue == nil {
        faults.add(place.appending(column), "A feature must be a number.")
      }
      examples.append(elements.compactMap(\.numberValue))
    }
    guard faults.faults.isEmpty else { throw APIProblem(.invalid(Array(faults.faults.prefix(Self.mostFaults)))) }
    self.examples = examples
  }
}
