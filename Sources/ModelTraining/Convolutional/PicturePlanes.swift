import NumericKernels

/// What a layer makes of a chunk of examples: a plane for each channel, and at each place a number for each example.
///
/// Number (channel, row, column, example) is at `start + channel * plane + row * rowStride + column * pitch + example`. The
/// edge around each plane is zero.
final class PicturePlanes<Scalar: KernelScalar> {
  let channels: Int
  let height: Int
  let width: Int
  /// Numbers of a place: examples, padded to whole lanes.
  let pitch: Int
  let rowStride: Int
  let plane: Int
  /// The first number, that of the edge where there is one.
  let base: UnsafeMutablePointer<Scalar>
  /// The first number inside the edge.
  let start: UnsafeMutablePointer<Scalar>
  private let buffer: NumberBuffer<Scalar>

  /// Planes with the edge that a convolution needs around them; nil is none.
  init(channels: Int, height: Int, width: Int, pitch: Int, edgeOf convolution: ConvolutionShape? = nil) {
    self.channels = channels
    self.height = height
    self.width = width
    self.pitch = pitch
    let (top, left) = (convolution?.top ?? 0, convolution?.left ?? 0)
    rowStride = (left + width + (convolution?.right ?? 0)) * pitch
    plane = (top + height + (convolution?.bottom ?? 0)) * rowStride
    buffer = NumberBuffer(channels * plane)
    base = buffer.base
    start = buffer.base + top * rowStride + left * pitch
  }

  func clear() { buffer.clear() }

  /// Calls `body` with where each run of places without an edge in between begins, from `start` on, and its length.
  func forEachRun(_ body: (_ offset: Int, _ count: Int) -> Void) {
    if plane == height * width * pitch { return body(0, channels * plane) }
    for channel in 0..<channels {
      for row in 0..<height { body(channel * plane + row * rowStride, width * pitch) }
    }
  }
}
