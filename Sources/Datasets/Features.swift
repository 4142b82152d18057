/// The features of a part, (N, D) row-major, kept as exactly as they were read.
public enum Features: Sendable, Equatable {
  /// Pixels; a feature is the pixel divided by 255, in the reader's precision.
  case pixels([UInt8])
  /// Numbers as they are.
  case numbers([Float])

  /// How many there are in all, N · D.
  public var count: Int {
    switch self {
    case .pixels(let bytes): bytes.count
    case .numbers(let numbers): numbers.count
    }
  }

  /// The bytes of memory that they take.
  var bytes: Int {
    switch self {
    case .pixels(let bytes): bytes.count
    case .numbers(let numbers): numbers.count * MemoryLayout<Float>.stride
    }
  }

  /// The features from `range` in single or double precision, each rounded once.
  @inlinable
  public func read<Scalar: BinaryFloatingPoint>(_ range: Range<Int>, into target: inout [Scalar]) {
    target.removeAll(keepingCapacity: true)
    switch self {
    case .pixels(let bytes):
      let levels = (0..<256).map { Scalar($0) / 255 }
      for byte in bytes[range] { target.append(levels[Int(byte)]) }
    case .numbers(let numbers):
      for number in numbers[range] { target.append(Scalar(number)) }
    }
  }

  /// All of them in single precision.
  public var floats: [Float] {
    var all: [Float] = []
    read(0..<count, into: &all)
    return all
  }
}
