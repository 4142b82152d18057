import JSONText
import ModelTraining

/// A network without a dense layer: a convolution with one kernel for each logit, then the mean over its places.
///
/// logit_c = b_c + mean over places (y, x) of Σ K_c[i, j, k] · image[y · stride + i, x · stride + j, k]
struct PatchNetwork: TrainedNetwork, Hashable {
  static var format: String { "patches-test-1" }

  /// (height, width, channels) of an example.
  var image: [Int]
  /// How far apart the places of the kernels are.
  var stride: Int
  /// The side of a kernel.
  var side: Int
  /// K (logits, side, side, channels).
  var kernels: [Double]
  /// b (logits).
  var biases: [Double]

  var features: Int { image.reduce(1, *) }
  /// How many numbers a kernel has.
  var patch: Int { side * side * image[2] }

  /// The mean over all places of what a kernel sees there, (side, side, channels).
  func meanPatch(_ example: [Double]) -> [Double] {
    var sums = Array(repeating: 0.0, count: patch)
    var places = 0
    for top in Swift.stride(from: 0, through: image[0] - side, by: stride) {
      for left in Swift.stride(from: 0, through: image[1] - side, by: stride) {
        places += 1
        for i in 0..<side {
          for j in 0..<side {
            for k in 0..<image[2] {
              sums[(i * side + j) * image[2] + k] += example[((top + i) * image[1] + left + j) * image[2] + k]
            }
          }
        }
      }
    }
    return sums.map { $0 / Double(places) }
  }

  func logits(of features: [Double]) -> [Double] { logits(ofMeanPatch: meanPatch(features)) }

  func logits(ofMeanPatch mean: [Double]) -> [Double] {
    biases.indices.map { unit in
      mean.indices.reduce(biases[unit]) { $0 + kernels[unit * patch + $1] * mean[$1] }
    }
  }
}

extension PatchNetwork {
  var stored: StoredNetwork {
    StoredNetwork(
      settings: [
        "layers": JSONValue(texts: ["convolution", "mean"]).canonicalText,
        "image": JSONValue(texts: image.map(String.init)).canonicalText, "stride": "\(stride)",
      ],
      tensors: [
        "layers.0.kernel": StoredTensor(
          precision: .double, shape: [biases.count, side, side, image[2]], numbers: kernels),
        "layers.0.bias": StoredTensor(precision: .double, shape: [biases.count], numbers: biases),
      ])
  }

  init?(_ stored: StoredNetwork) {
    guard let image = JSONValue.texts(in: stored.settings["image"])?.compactMap(Int.init), image.count == 3,
      image.allSatisfy({ $0 > 0 }), let stride = stored.settings["stride"].flatMap(Int.init), stride > 0,
      let kernel = stored.tensors["layers.0.kernel"], let bias = stored.tensors["layers.0.bias"],
      kernel.shape.count == 4, kernel.shape[1] == kernel.shape[2], kernel.shape[3] == image[2],
      (1...min(image[0], image[1])).contains(kernel.shape[1]), bias.shape == [kernel.shape[0]], bias.shape[0] > 0
    else { return nil }
    self.init(image: image, stride: stride, side: kernel.shape[1], kernels: kernel.numbers, biases: bias.numbers)
  }
}
