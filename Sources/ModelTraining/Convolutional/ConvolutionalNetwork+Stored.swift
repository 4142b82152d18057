import JSONText

extension ConvolutionalNetwork {
  private static let activationsName = "activations"
  private static let convolutionsName = "convolutions"
  private static let poolingName = "pooling"

  var stored: StoredNetwork {
    var stored = StoredNetwork(settings: [
      Self.activationsName: JSONValue(texts: activations.map(\.rawValue)).canonicalText,
      Self.convolutionsName: JSONValue(texts: shapes.map(\.text)).canonicalText,
      Self.poolingName: pooling.rawValue,
      "output": layers.last?.outputs == 1 ? "sigmoid" : "softmax",
    ])
    for (index, layer) in (filters + layers).enumerated() { layer.store(in: &stored, as: index, precision) }
    for (index, shape) in shapes.enumerated() {
      stored.tensors["layers.\(index).weight"]?.shape = [shape.filters, shape.channels, shape.kernel, shape.kernel]
    }
    return stored
  }

  init?(_ stored: StoredNetwork) {
    var stored = stored
    guard let words = JSONValue.texts(in: stored.settings[Self.activationsName]),
      let shapes = JSONValue.texts(in: stored.settings[Self.convolutionsName])?.map(ConvolutionShape.init(text:)),
      let pooling = stored.settings[Self.poolingName].flatMap(Pooling.init)
    else { return nil }
    activations = words.compactMap(Activation.init)
    self.shapes = shapes.compactMap { $0 }
    guard activations.count == words.count, self.shapes.count == shapes.count, let first = self.shapes.first,
      activations.count >= shapes.count
    else { return nil }
    var inputs = (first.channels, first.height, first.width)
    filters = []
    for (index, shape) in self.shapes.enumerated() {
      let name = "layers.\(index).weight"
      guard inputs == (shape.channels, shape.height, shape.width),
        stored.tensors[name]?.shape == [shape.filters, shape.channels, shape.kernel, shape.kernel]
      else { return nil }
      stored.tensors[name]?.shape = [shape.filters, shape.depth]
      guard let layer = DenseLayer.layer(index, of: stored)?.layer else { return nil }
      filters.append(layer)
      inputs = (shape.filters, shape.pooledHeight, shape.pooledWidth)
    }
    layers = []
    precision = .single
    var width = inputs.0 * inputs.1 * inputs.2
    for index in self.shapes.count...activations.count {
      guard let found = DenseLayer.layer(index, of: stored), found.layer.inputs == width else { return nil }
      width = found.layer.outputs
      precision = found.precision
      layers.append(found.layer)
    }
    self.pooling = pooling
  }
}

extension ConvolutionShape {
  /// All its sizes, in the order in which `init(text:)` reads them.
  fileprivate var text: String {
    [channels, height, width, filters, kernel, stride, outHeight, outWidth, top, left, bottom, right, pool]
      .map(String.init).joined(separator: " ")
  }

  /// Reads what `text` gave; nil for anything else, and for sizes that do not fit each other.
  fileprivate init?(text: String) {
    let numbers = text.split(separator: " ", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard numbers.count == 13, numbers.allSatisfy({ (0...1 << 16).contains($0) }) else { return nil }
    (channels, height, width, filters) = (numbers[0], numbers[1], numbers[2], numbers[3])
    (kernel, stride, outHeight, outWidth) = (numbers[4], numbers[5], numbers[6], numbers[7])
    (top, left, bottom, right, pool) = (numbers[8], numbers[9], numbers[10], numbers[11], numbers[12])
    guard [channels, height, width, filters, kernel, stride, outHeight, outWidth, pool].allSatisfy({ $0 > 0 }),
      self.text == text, (outHeight - 1) * stride + kernel <= height + top + bottom,
      (outWidth - 1) * stride + kernel <= width + left + right, pool <= outHeight, pool <= outWidth
    else { return nil }
  }
}
