import NumericKernels

/// Which examples each update uses: every epoch in an order of its own, a short last batch closing it.
final class BatchOrder {
  private let count: Int
  private let size: Int
  private let draw: KeyedDraw
  private var epoch = -1
  private var order: [Int] = []

  init(count: Int, size: Int, draw: KeyedDraw) {
    self.count = count
    self.size = size == 0 ? count : min(size, count)
    self.draw = draw
  }

  /// Whether every update uses all examples, in their own order.
  var isFull: Bool { size == count }

  private var batchesPerEpoch: Int { (count + size - 1) / size }

  /// How many examples the update of an iteration uses.
  func size(ofBatch iteration: Int) -> Int { min(size, count - iteration % batchesPerEpoch * size) }

  /// The examples of an iteration's update. The order of an epoch sorts examples by draw (example, epoch, 0, 3).
  func batch(_ iteration: Int) -> [Int] {
    let wanted = iteration / batchesPerEpoch
    if wanted != epoch {
      epoch = wanted
      let keys = (0..<count).map {
        draw.integer(UInt32($0), UInt32(truncatingIfNeeded: wanted), 0, DrawPurpose.order.rawValue)
      }
      order = (0..<count).sorted { (keys[$0], $0) < (keys[$1], $1) }
    }
    let start = iteration % batchesPerEpoch * size
    return Array(order[start..<min(start + size, count)])
  }
}
