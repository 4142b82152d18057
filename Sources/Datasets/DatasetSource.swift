import Foundation

/// Where a data set can be read from.
struct DatasetSource: Sendable {
  var name: String
  /// nil for a built-in one.
  var format: (any DatasetFormat.Type)?
  var files: [DatasetFile]
  var scaling = FeatureScaling.standard
  var rules = ReadingRules.current

  static let builtIn = BuiltInDatasets.names.map { DatasetSource(name: $0, format: nil, files: []) }

  func load(_ limits: DatasetLimits) throws -> Dataset {
    guard let format else { return BuiltInDatasets.dataset(named: name) }
    let content = try format.read(files, scaling: scaling, limits: limits, rules: rules)
    let names = files.map(\.name).joined(separator: ", ")
    return content.dataset(name: name, origin: "\(format.name): \(names)")
  }
}
