import Datasets
import NumericKernels

/// One training's examples and those that score it, by their places among all: the first part's, then the second's.
struct FoldPlaces: Sendable {
  let training: [Int]
  let validation: [Int]
  /// The last part, which the search never sees; empty where there is none.
  var test: [Int] = []

  /// The folds that a request trains on, one training each.
  static func of(_ request: EvaluationRequest) throws -> [FoldPlaces] {
    let dataset = request.dataset
    // The same for all trials: of the seed alone.
    let draw = KeyedDraw(seed: request.trainingSeed, stream: 0)
    let key: (Int) -> UInt64 = { draw.integer(UInt32($0), 0, 0, DrawPurpose.split.rawValue) }
    let all = Array(0..<dataset.first.count)
    switch request.split {
    case .test:
      guard let second = dataset.second else { throw SplitFault.noSecondPart }
      return [FoldPlaces(training: all, validation: Array(all.count..<all.count + second.count))]
    case .holdout(let share, let test):
      let parts = try Split.holdout(
        labels: dataset.first.labels, classes: dataset.classes.count, share: share, test: test, key: key)
      return [FoldPlaces(training: parts.training, validation: parts.validation, test: parts.test)]
    case .testSettingAside(let share):
      guard let second = dataset.second else { throw SplitFault.noSecondPart }
      let (kept, aside) = try Split.settingAside(
        labels: dataset.first.labels, classes: dataset.classes.count, share: share, key: key)
      return [
        FoldPlaces(training: kept, validation: Array(all.count..<all.count + second.count), test: aside)
      ]
    case .folds(let count, let test):
      var (kept, aside) = (all, [Int]())
      if let test {
        (kept, aside) = try Split.settingAside(
          labels: dataset.first.labels, classes: dataset.classes.count, share: test, key: key)
      }
      let folds = try Split.folds(
        labels: kept.map { dataset.first.labels[$0] }, classes: dataset.classes.count, count: count
      ) { key(kept[$0]) }
      return folds.map { fold in
        let held = Set(fold.map { kept[$0] })
        return FoldPlaces(
          training: kept.filter { !held.contains($0) }, validation: fold.map { kept[$0] }, test: aside)
      }
    }
  }

  /// The same folds with what their networks are scored on at the end: the second part, where the request says so.
  static func scored(_ request: EvaluationRequest) throws -> [FoldPlaces] {
    let folds = try of(request)
    guard request.testsOnSecondPart else { return folds }
    guard let second = request.dataset.second else { throw SplitFault.noSecondPart }
    let own = request.dataset.first.count
    return folds.map {
      FoldPlaces(training: $0.training, validation: $0.validation, test: Array(own..<own + second.count))
    }
  }

  enum SplitFault: Error { case noSecondPart }
}
