import Foundation
import NumericKernels

/// The Gram layer's product (units, N) · (N, N), as a training calls it.
enum FirstLayerProduct {
  static func measure(_ options: Options) throws -> [String: Any] {
    let (rows, size) = (options.integer("rows", 20), options.integer("size", 209))
    let kernels = Kernels<Float>.current
    let lanes = Float.Lanes.scalarCount
    let stride = padded(size, Float.self)
    let sums = filled(rows * stride)
    let gram = filled(size * stride)
    let out = NumberBuffer<Float>(rows * stride)
    let a = StridedView(base: UnsafePointer(sums.base), rowStride: stride, columnStride: 1)
    let b = PanelView(base: UnsafePointer(gram.base), rowStride: lanes, panelStride: size * lanes)
    let calls = options.integer("calls", 2000)
    let seconds = (0..<options.integer("repetitions", 9)).map { _ in
      let watch = Stopwatch()
      for _ in 0..<calls {
        kernels.multiply(a, b, into: out.base, outStride: stride, rows: rows, depth: size, width: size)
      }
      return watch.processorSeconds / Double(calls)
    }
    return [
      "seconds": seconds.median, "best_seconds": seconds.min() ?? .nan,
      "operations": 2 * Double(rows) * Double(size) * Double(size), "isa": InstructionSet.current.rawValue,
    ]
  }

  private static func filled(_ count: Int) -> NumberBuffer<Float> {
    let draw = KeyedDraw(seed: 1, stream: 1)
    let buffer = NumberBuffer<Float>(count)
    for index in 0..<buffer.count { buffer.base[index] = Float(draw.normals(UInt32(index), 0, 0, 0).0) }
    return buffer
  }
}
