import DataFacts
import JSONText
import SearchSpace

/// The `validation` of a body.
struct ValidationReading {
  var split: SplitDefinition
  var final: FinalPart?
  var repeats: Int
}

extension DefinitionResolver {
  static let mostRepeats = 1000
  /// What is held out where a definition does not say what its search is scored on.
  private static let defaultShare = 0.2
  private static let splitForms = #"{"holdout": 0.2}, {"folds": 5} or "second""#

  /// The split, the final part and the repeats; nil where one of them is faulty or the data set is not known.
  mutating func validation(_ body: Members, dataset: DatasetFacts?) -> ValidationReading? {
    let before = faults.faults.count
    var split: SplitDefinition?
    var repeats = 1
    var members: Members?
    if let value = body["validation"] {
      members = faults.members(
        of: value, at: body.at("validation"), called: "validation", known: ["split", "final", "repeats"])
    }
    if let members {
      repeats = faults.integer("repeats", of: members, in: 1...Self.mostRepeats) ?? 1
      if let value = members["split"] { split = self.split(value, at: members.at("split"), dataset: dataset) }
    }
    // A final part beside a faulty split is not looked at.
    guard faults.faults.count == before else { return nil }
    let isDefault = split == nil
    let chosen = split ?? .holdout(Self.defaultShare, test: nil)
    let final = final(members, split: chosen, dataset: dataset)
    guard faults.faults.count == before, let dataset else { return nil }
    var place = isDefault ? body.at("dataset") : body.at("validation").appending("split")
    switch split {
    case .holdout?: place = place.appending("holdout")
    case .folds?: place = place.appending("folds")
    case .second?, .test?, nil: break
    }
    checkClasses(of: dataset, TrainingSplit(chosen, final: final), at: place, isDefault: isDefault)
    return faults.faults.count == before ? ValidationReading(split: chosen, final: final, repeats: repeats) : nil
  }

  private mutating func split(_ value: JSONValue, at pointer: JSONPointer, dataset: DatasetFacts?) -> SplitDefinition? {
    if value == "second" || value == "test" {
      if let dataset, dataset.secondPartExamples == 0 {
        faults.add(
          pointer,
          #"\#(dataset.name) has no second part to score on; use {"holdout": 0.2} or {"folds": 5}."#)
      }
      return value == "test" ? .test : .second
    }
    guard case .object = value else {
      faults.add(pointer, "split must be \(Self.splitForms), but is \(value.kindOfValue).")
      return nil
    }
    guard
      let members = faults.members(of: value, at: pointer, called: "split", known: ["holdout", "folds", "test"])
    else { return nil }
    if members["folds"] != nil {
      if members["holdout"] != nil {
        faults.add(members.at("holdout"), "holdout does not go with folds; keep one of them.")
      }
      if members["test"] != nil {
        faults.add(
          members.at("test"),
          #"test does not go with folds; to set a share aside for the end, say "final": {"share": 0.2} beside split."#)
      }
      return faults.integer("folds", of: members, in: 2...max(dataset?.examples ?? .max, 2)).map { .folds($0) }
    }
    guard members["holdout"] != nil else {
      faults.missing(
        ["holdout", "folds"], at: pointer, "holdout or folds is missing; split must be \(Self.splitForms).")
      return nil
    }
    let before = faults.faults.count
    let (held, test) = (share("holdout", of: members), share("test", of: members))
    guard faults.faults.count == before, let held else { return nil }
    if let test, held + test >= 1 {
      faults.add(members.at("test"), "holdout and test must be below 1 together, or nothing is left to train on.")
      return nil
    }
    return .holdout(held, test: test)
  }

  /// What the best points are scored on at the end. Left out it is the second part where there is one that the split does
  /// not use; null says that there is none.
  private mutating func final(_ members: Members?, split: SplitDefinition, dataset: DatasetFacts?) -> FinalPart? {
    var last: FinalPart?
    if case .holdout(_, let test?) = split { last = .share(test) }
    guard let members, let value = members.object["final"] else {
      if last != nil { return last }
      return (dataset?.secondPartExamples ?? 0) > 0 && !split.usesSecondPart ? .second : nil
    }
    let pointer = members.at("final")
    guard let given = finalPart(value, at: pointer) else { return nil }
    if let last, given != last {
      faults.add(
        pointer,
        "split sets a share aside for the end by test already; keep test or final, or give both the same share.")
      return nil
    }
    switch given {
    case .second?:
      if split.usesSecondPart {
        faults.add(
          pointer,
          "The search is scored on the second part, which final must not have seen; score one of the two on "
            + #"another part: {"holdout": 0.2} or {"folds": 5} as split, or {"share": 0.2} as final."#)
      } else if let dataset, dataset.secondPartExamples == 0 {
        faults.add(
          pointer, #"\#(dataset.name) has no second part; use {"share": 0.2}, or null for no final score."#)
      }
    case .share(let share)?:
      if case .holdout(let held, _) = split, held + share >= 1 {
        faults.add(
          pointer.appending("share"),
          "The share and holdout (\(JSONNumber.text(held))) must be below 1 together, or nothing is left to train on.")
      }
    case nil: break
    }
    return given
  }

  /// What a value of `final` says, nil inside for none; nil where it is faulty.
  private mutating func finalPart(_ value: JSONValue, at pointer: JSONPointer) -> FinalPart?? {
    if value == .null { return .some(nil) }
    if value == "second" || value == "test" { return .second }
    guard case .object = value else {
      faults.add(pointer, #"final must be "second", {"share": 0.2} or null, but is \#(value.kindOfValue)."#)
      return nil
    }
    guard let members = faults.members(of: value, at: pointer, called: "final", known: ["share"]) else { return nil }
    guard members["share"] != nil else {
      faults.missing(["share"], at: pointer, #"share is missing; final must be "second", {"share": 0.2} or null."#)
      return nil
    }
    return share("share", of: members).map { .share($0) }
  }

  /// An optional share of the first part; nil where it is left out or faulty.
  private mutating func share(_ name: String, of members: Members) -> Double? {
    guard let json = members[name] else { return nil }
    let kind = ParameterDescription.Kind.real(minimum: 0, maximum: 1, minimumExclusive: true, maximumExclusive: true)
    guard let number = kind.value(of: json)?.number else {
      faults.add(members.at(name), kind.complaint(about: name, json))
      return nil
    }
    return number
  }

  /// A stratified split needs at least one example of every class in each part.
  private mutating func checkClasses(
    of dataset: DatasetFacts, _ training: TrainingSplit, at pointer: JSONPointer, isDefault: Bool
  ) {
    for (index, examples) in dataset.examplesPerClass.enumerated() {
      // What is set aside of a class is rounded up at most.
      let aside = training.setAside.map { max(1, Int((Double(examples) * $0).rounded(.up))) } ?? 0
      let (needed, left): (Int, Int) =
        switch training.split {
        case .second, .test: (training.setAside == nil ? 0 : 2, examples)
        case .holdout: (training.setAside == nil ? 2 : 3, examples)
        case .folds(let count): (count, examples - aside)
        }
      guard left < needed else { continue }
      let name = dataset.classes.indices.contains(index) ? dataset.classes[index] : "\(index)"
      let because =
        isDefault ? "\(JSONNumber.text(Self.defaultShare)) of \(dataset.name) would be held out, but " : ""
      let count =
        "\(examples) example\(examples == 1 ? "" : "s")" + (left < examples ? ", \(left) beside the final share" : "")
      let advice = isDefault && dataset.secondPartExamples > 0 ? #"; or say "split": "second" in validation"# : ""
      faults.add(
        pointer,
        "\(because)class \(name) of \(dataset.name) has \(count), and the split needs at least \(needed) of every class"
          + advice + ".")
      return
    }
  }
}
