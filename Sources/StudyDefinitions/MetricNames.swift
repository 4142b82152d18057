import DataFacts

/// What a metric of an objective may be called.
enum MetricNames {
  /// What Cairn measures of every model that it trains.
  case trained
  /// What callers tell of, or what is in a table that is not known.
  case any
  /// A column of a table that is not tuned.
  case columns(DatasetFacts, tuned: [String])

  /// Whether Cairn trains, and knows what each metric means.
  var isTrained: Bool { if case .trained = self { true } else { false } }
}
