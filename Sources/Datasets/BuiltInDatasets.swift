/// The data sets that are always there, made from seeds.
enum BuiltInDatasets {
  /// Their names, ascending.
  static let names = [SyntheticImages.name, SyntheticDigits.name]

  /// The one of a name; made when it is first asked for, and kept.
  static func dataset(named name: String) -> Dataset {
    name == SyntheticDigits.name ? SyntheticDigits.dataset : SyntheticImages.dataset
  }
}
