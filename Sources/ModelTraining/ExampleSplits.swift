import Datasets
import Foundation
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

/// One training's packed examples and those that score it.
struct TrainingFold<Scalar: KernelScalar>: Sendable {
  let training: PackedExamples<Scalar>
  let validation: PackedExamples<Scalar>
}

/// What the trials of a study share, made of data sets and splits: packed examples and Gram matrices.
///
/// `@unchecked Sendable`: `entries` is read and written under the lock alone.
final class FoldCache: @unchecked Sendable {
  static let shared = FoldCache()
  /// How many things are kept.
  private static let limit = 8

  private enum Kind: Hashable {
    case packed(ValidationSplit, UInt64)
    case gram(ValidationSplit, UInt64)
    case examples
  }

  private struct Key: Hashable {
    var sha256: String
    var isDouble: Bool
    var kind: Kind
  }

  private let lock = NSLock()
  private var entries: [(key: Key, value: any Sendable)] = []

  /// The packed folds of a request; made once, and by one thread at a time.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func folds<Scalar: KernelScalar>(_ request: EvaluationRequest, _ type: Scalar.Type) throws -> [TrainingFold<Scalar>] {
    lock.lock()
    defer { lock.unlock() }
    let dataset = request.dataset
    let own = dataset.first.count
    func pack(_ places: [Int], forTraining: Bool) -> PackedExamples<Scalar> {
      // A fold lies in one part.
      if let second = dataset.second, let first = places.first, first >= own {
        return PackedExamples(
          second, indices: places.map { $0 - own }, features: dataset.features, forTraining: forTraining)
      }
      return PackedExamples(dataset.first, indices: places, features: dataset.features, forTraining: forTraining)
    }
    return try kept(key(request, type, .packed(request.split, seed(request)))) {
      try FoldPlaces.of(request).map {
        TrainingFold(
          training: pack($0.training, forTraining: true), validation: pack($0.validation, forTraining: false))
      }
    }
  }

  /// The Gram matrices of a request's folds.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func grams<Scalar: KernelScalar>(_ request: EvaluationRequest, _ type: Scalar.Type) throws -> [GramFold<Scalar>] {
    lock.lock()
    defer { lock.unlock() }
    let examples = kept(key(request, type, .examples)) { GramExamples<Scalar>(request.dataset) }
    let parts = [request.dataset.first] + (request.dataset.second.map { [$0] } ?? [])
    return try kept(key(request, type, .gram(request.split, seed(request)))) {
      let labels = parts.flatMap { $0.labels.map(Int.init) }
      return try FoldPlaces.of(request).map { GramFold(examples, $0, labels: labels) }
    }
  }

  private func key<Scalar>(_ request: EvaluationRequest, _ type: Scalar.Type, _ kind: Kind) -> Key {
    Key(sha256: request.dataset.sha256, isDouble: type == Double.self, kind: kind)
  }

  /// What a split is drawn by; the data set's own parts need no draw.
  private func seed(_ request: EvaluationRequest) -> UInt64 { request.split == .test ? 0 : request.trainingSeed }

  /// What was made under a key, or makes it; the least recently used leaves.
  private func kept<Value: Sendable>(_ key: Key, _ make: () throws -> Value) rethrows -> Value {
    if let index = entries.firstIndex(where: { $0.key == key }), let found = entries[index].value as? Value {
      entries.append(entries.remove(at: index))
      return found
    }
    let made = try make()
    entries.append((key, made))
    if entries.count > Self.limit { entries.removeFirst() }
    return made
  }
}
