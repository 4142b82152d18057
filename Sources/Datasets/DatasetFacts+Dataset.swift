import DataFacts

extension DatasetFacts {
  /// Those of a data set that was read. O(examples).
  public init(_ dataset: Dataset) {
    let none = Array(repeating: 0, count: dataset.classes.count)
    func perClass(_ part: Dataset.Part) -> [Int] { part.labels.reduce(into: none) { $0[Int($1)] += 1 } }
    self.init(
      name: dataset.name, examples: dataset.results?.rows ?? dataset.first.count,
      secondPartExamples: dataset.second?.count ?? 0,
      shape: dataset.shape, classes: dataset.classes, examplesPerClass: perClass(dataset.first),
      secondPartExamplesPerClass: dataset.second.map(perClass) ?? [], sha256: dataset.sha256, origin: dataset.origin)
    columns = dataset.results?.facts
  }
}
