import JSONText
import SearchSpace

extension DefinitionResolver {
  static let mostRepeats = 1000

  /// The split and the repeats; nil where one of them is faulty or the data set is not known.
  mutating func validation(_ body: Members, dataset: DatasetFacts?) -> (split: SplitDefinition, repeats: Int)? {
    let before = faults.faults.count
    var split: SplitDefinition?
    var repeats = 1
    if let value = body["validation"],
      let members = faults.members(
        of: value, at: body.at("validation"), called: "validation", known: ["split", "repeats"])
    {
      repeats = faults.integer("repeats", of: members, in: 1...Self.mostRepeats) ?? 1
      if let value = members["split"] { split = self.split(value, at: members.at("split"), dataset: dataset) }
    }
    guard faults.faults.count == before, let dataset else { return nil }
    if let split { return (split, repeats) }
    if dataset.secondPartExamples > 0 { return (.test, repeats) }
    let fallback = SplitDefinition.holdout(0.2, test: nil)
    let without = "\(dataset.name) has no second part, so 0.2 of it would be held out, but "
    checkClasses(of: dataset, needed: 2, at: body.at("dataset"), because: without)
    return faults.faults.count == before ? (fallback, repeats) : nil
  }

  private mutating func split(_ value: JSONValue, at pointer: JSONPointer, dataset: DatasetFacts?) -> SplitDefinition? {
    let forms = #""test", {"holdout": 0.2}, {"folds": 5} or {"holdout": 0.2, "test": 0.2}"#
    if value.stringValue == "test" {
      if let dataset, dataset.secondPartExamples == 0 {
        faults.add(
          pointer, #"\#(dataset.name) has no second part to test on; use {"holdout": 0.2} or {"folds": 5}."#)
      }
      return .test
    }
    guard case .object = value else {
      faults.add(pointer, "split must be \(forms), but is \(value.kindOfValue).")
      return nil
    }
    guard
      let members = faults.members(of: value, at: pointer, called: "split", known: ["holdout", "folds", "test"])
    else { return nil }
    if members["folds"] != nil {
      for extra in ["holdout", "test"] where members[extra] != nil {
        faults.add(members.at(extra), "\(extra) does not go with folds; keep one of them.")
      }
      let folds = faults.integer("folds", of: members, in: 2...max(dataset?.examples ?? .max, 2))
      if let folds, let dataset { checkClasses(of: dataset, needed: folds, at: members.at("folds"), because: "") }
      return folds.map { .folds($0) }
    }
    guard members["holdout"] != nil else {
      faults.missing(["holdout", "folds"], at: pointer, "holdout or folds is missing; split must be \(forms).")
      return nil
    }
    return holdout(members, dataset: dataset)
  }

  private mutating func holdout(_ members: Members, dataset: DatasetFacts?) -> SplitDefinition? {
    let before = faults.faults.count
    let share = ParameterDescription.Kind.real(minimum: 0, maximum: 1, minimumExclusive: true, maximumExclusive: true)
    var shares: [Double] = []
    for name in ["holdout", "test"] {
      guard let json = members[name] else { continue }
      if let number = share.value(of: json)?.number {
        shares.append(number)
      } else {
        faults.add(members.at(name), share.complaint(about: name, json))
      }
    }
    guard faults.faults.count == before else { return nil }
    let test = shares.count > 1 ? shares[1] : nil
    if let test, shares[0] + test >= 1 {
      faults.add(members.at("test"), "holdout and test must be below 1 together, or nothing is left to train on.")
      return nil
    }
    if let dataset {
      checkClasses(of: dataset, needed: test == nil ? 2 : 3, at: members.at("holdout"), because: "")
    }
    return .holdout(shares[0], test: test)
  }

  /// A stratified split needs at least one example of every class in each part.
  private mutating func checkClasses(of dataset: DatasetFacts, needed: Int, at pointer: JSONPointer, because: String) {
    for (index, examples) in dataset.examplesPerClass.enumerated() where examples < needed {
      let name = dataset.classes.indices.contains(index) ? dataset.classes[index] : "\(index)"
      faults.add(
        pointer,
        "\(because)class \(name) of \(dataset.name) has \(examples) example\(examples == 1 ? "" : "s"), and the split needs at least \(needed) of "
          + "every class.")
      return
    }
  }
}
