import SearchSpace

extension ResolvedDefinition {
  /// Every setting of the model at a point: constants and the point's values together.
  ///
  /// Where the model has `layers`, there is exactly one `units_i` and `activation_i` for each hidden layer: a tuned
  /// `activation` stands for every layer, and what belongs to a layer above `layers` is left out.
  public func settings(for point: Point) -> [String: ParameterValue] {
    var settings = constants.merging(point.values) { $1 }
    guard case .integer(let layers)? = settings["layers"] else { return settings }
    for name in settings.keys {
      if let layer = HiddenLayers.layer(of: name), layer > layers { settings[name] = nil }
    }
    if let shared = settings.removeValue(forKey: "activation"), layers > 0 {
      for layer in 1...layers where settings["activation_\(layer)"] == nil {
        settings["activation_\(layer)"] = shared
      }
    }
    return settings
  }
}

/// Names of settings that belong to one hidden layer.
enum HiddenLayers {
  /// The layer, from 1, of `units_3` or `activation_3`; nil for any other name.
  static func layer(of name: String) -> Int? {
    for prefix in ["units_", "activation_"] where name.hasPrefix(prefix) {
      let digits = name.dropFirst(prefix.count)
      guard let layer = Int(digits), layer > 0, String(layer) == digits else { return nil }
      return layer
    }
    return nil
  }
}
