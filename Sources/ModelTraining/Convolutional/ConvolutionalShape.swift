/// The sizes of every layer of a convolutional network on pictures of one size.
struct ConvolutionalShape: Sendable, Hashable {
  /// The convolutions, the one that meets the picture first.
  var convolutions: [ConvolutionShape] = []
  /// What the last of them leaves, then the units of each hidden layer, then outputs (1 for two classes, else one a class).
  var sizes: [Int]
  /// Which layer leaves nothing of the picture, in words; nil where every layer leaves something. The sizes behind such a
  /// layer are those of one place.
  var shrunk: String?

  /// The sizes; nil where the data has no height and width.
  init?(_ settings: ConvolutionalSettings, _ data: DataShape) {
    guard (2...3).contains(data.shape.count) else { return nil }
    var (height, width) = (data.shape[0], data.shape[1])
    var channels = data.shape.count == 3 ? data.shape[2] : 1
    for (index, convolution) in settings.convolutions.enumerated() {
      var shape = ConvolutionShape(
        channels: channels, height: height, width: width, settings: convolution, padding: settings.padding)
      if shape.outHeight < 1 || shape.outWidth < 1 {
        shrunk =
          shrunk
          ?? "convolution \(index + 1): its kernel of \(convolution.kernel) × \(convolution.kernel) does not fit into its "
          + "input, which is \(height) × \(width)"
        shape.outHeight = max(1, shape.outHeight)
        shape.outWidth = max(1, shape.outWidth)
      }
      if shape.pool > 1, shape.outHeight < shape.pool || shape.outWidth < shape.pool {
        shrunk =
          shrunk
          ?? "convolution \(index + 1): pooling by \(shape.pool) leaves nothing of its output, which is "
          + "\(shape.outHeight) × \(shape.outWidth)"
      }
      convolutions.append(shape)
      (channels, height, width) = (shape.filters, shape.pooledHeight, shape.pooledWidth)
    }
    let outputs = data.classes == 2 ? 1 : data.classes
    sizes = [channels * height * width] + settings.dense.units + [outputs]
  }

  /// How many fully connected layers have weights.
  var depth: Int { sizes.count - 1 }
  var outputs: Int { sizes[depth] }
  /// How many layers have weights in all.
  var layers: Int { convolutions.count + depth }

  /// Inputs and outputs of layer `layer`, counted from 0 at the picture: of a convolution what a filter sees, and filters.
  func matrix(_ layer: Int) -> (inputs: Int, outputs: Int) {
    guard layer >= convolutions.count else { return (convolutions[layer].depth, convolutions[layer].filters) }
    return (sizes[layer - convolutions.count], sizes[layer - convolutions.count + 1])
  }

  /// Multiplications of a forward pass for one example.
  var multiplications: Double {
    convolutions.reduce(0) { $0 + Double($1.depth) * Double($1.filters) * Double($1.outHeight * $1.outWidth) }
      + (0..<depth).reduce(0.0) { $0 + Double(sizes[$1]) * Double(sizes[$1 + 1]) }
  }

  /// Outputs that an example has in all layers together.
  var numbers: Double {
    convolutions.reduce(0) { $0 + Double($1.filters * $1.outHeight * $1.outWidth) }
      + sizes.dropFirst().reduce(0.0) { $0 + Double($1) }
  }

  /// Numbers that a pass holds of an example: what each layer reads, edges included, and what pooling reads; the slopes by them,
  /// but by the picture.
  var held: Double {
    var sum = 2 * sizes.reduce(0.0) { $0 + Double($1) }
    for (index, shape) in convolutions.enumerated() {
      let read =
        Double(shape.channels) * Double(shape.height + shape.top + shape.bottom)
        * Double(shape.width + shape.left + shape.right)
      sum += index == 0 ? read : 2 * read
      if shape.pool > 1 { sum += 2 * Double(shape.filters * shape.outHeight * shape.outWidth) }
    }
    return sum
  }
}

/// The sizes of one convolution and of the pooling behind it.
struct ConvolutionShape: Sendable, Hashable {
  /// Of its input.
  var channels: Int
  var height: Int
  var width: Int
  var filters: Int
  var kernel: Int
  var stride: Int
  /// Of its output.
  var outHeight: Int
  var outWidth: Int
  /// Rows and columns of zeros around its input; where they cannot be shared evenly, one more lies after than before.
  var top = 0
  var left = 0
  var bottom = 0
  var right = 0
  /// 1 where nothing is pooled.
  var pool: Int

  init(
    channels: Int, height: Int, width: Int, settings: ConvolutionalSettings.Convolution, padding: Padding
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    filters = settings.filters
    kernel = settings.kernel
    stride = settings.stride
    pool = max(1, settings.pool)
    switch padding {
    case .valid:
      outHeight = height < kernel ? 0 : (height - kernel) / stride + 1
      outWidth = width < kernel ? 0 : (width - kernel) / stride + 1
    case .same:
      outHeight = (height + stride - 1) / stride
      outWidth = (width + stride - 1) / stride
      let (rows, columns) = (
        max(0, (outHeight - 1) * stride + kernel - height), max(0, (outWidth - 1) * stride + kernel - width)
      )
      (top, left) = (rows / 2, columns / 2)
      (bottom, right) = (rows - top, columns - left)
    }
  }

  /// How many numbers a filter sees.
  var depth: Int { channels * kernel * kernel }
  var pooledHeight: Int { max(1, outHeight / pool) }
  var pooledWidth: Int { max(1, outWidth / pool) }
}
