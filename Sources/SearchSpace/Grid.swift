/// The points of a space as mixed-radix numbers from 0: the product is never built.
///
/// The first parameter varies fastest. A tuned `layers` varies slowest, each of its values with the product of the
/// parameters present in it, so that no point is counted twice.
public struct Grid: Sendable {
  /// The points of one value of `layers`, or all points where it is not tuned.
  private struct Block: Sendable {
    var layers: ParameterValue?
    var parameters: [Parameter]
    var radices: [UInt64]
    var size: UInt64
  }

  private let blocks: [Block]
  private let layersName: String?

  /// How many points there are, at most 2⁶⁴ − 1.
  public let count: UInt64
  /// Whether there are more points than `count` can say.
  public let isSaturated: Bool

  /// The grid of a space, or nil where a parameter has none.
  public init?(_ space: ParameterSpace) {
    guard space.parameters.allSatisfy({ $0.domain.levelCount != nil }) else { return nil }
    var saturated = false
    var total: UInt64 = 0
    let layers = space.layers
    let values: [ParameterValue?] =
      layers.map { parameter in (0..<(parameter.domain.levelCount ?? 0)).map { parameter.domain.level(at: $0) } }
      ?? [nil]
    blocks = values.map { value in
      let present = space.parameters(withLayers: value)
      let radices = present.map { $0.domain.levelCount ?? 0 }
      var size: UInt64 = 1
      for radix in radices {
        let (product, overflow) = size.multipliedReportingOverflow(by: radix)
        size = overflow ? .max : product
        saturated = saturated || overflow
      }
      let (sum, overflow) = total.addingReportingOverflow(size)
      total = overflow ? .max : sum
      saturated = saturated || overflow
      return Block(layers: value, parameters: present, radices: radices, size: size)
    }
    layersName = layers?.name
    count = total
    isSaturated = saturated
  }

  /// The point of an index below `count`. O(number of parameters).
  public func point(at index: UInt64) -> Point {
    var rest = index
    for block in blocks {
      guard rest < block.size || block.size == .max else {
        rest -= block.size
        continue
      }
      var point = Point()
      if let layersName { point[layersName] = block.layers }
      for (parameter, radix) in zip(block.parameters, block.radices) {
        point[parameter.name] = parameter.domain.level(at: rest % radix)
        rest /= radix
      }
      return point
    }
    preconditionFailure("no point \(index) in a grid of \(count)")
  }

  /// The index of a point; nil where it is none of the grid's, or beyond what 64 bits count.
  public func index(of point: Point) -> UInt64? {
    var start: UInt64 = 0
    for block in blocks {
      guard layersName.map({ point[$0] == block.layers }) ?? true else {
        let (sum, overflow) = start.addingReportingOverflow(block.size)
        if overflow { return nil }
        start = sum
        continue
      }
      guard point.values.count == block.parameters.count + (layersName == nil ? 0 : 1) else { return nil }
      var index: UInt64 = 0
      for (parameter, radix) in zip(block.parameters, block.radices).reversed() {
        guard let value = point[parameter.name], let level = parameter.domain.index(of: value) else { return nil }
        let (product, overflow) = index.multipliedReportingOverflow(by: radix)
        let (sum, overflowToo) = product.addingReportingOverflow(level)
        if overflow || overflowToo { return nil }
        index = sum
      }
      let (sum, overflow) = start.addingReportingOverflow(index)
      return overflow ? nil : sum
    }
    return nil
  }
}

extension ParameterSpace {
  /// The tuned number of hidden layers, which decides what else is present; nil where it is not tuned.
  public var layers: Parameter? { parameters.first { $0.name == "layers" } }

  /// The parameters beside `layers` that are present where it has this value, in order.
  public func parameters(withLayers value: ParameterValue?) -> [Parameter] {
    parameters.filter { parameter in
      guard parameter.name != "layers" else { return false }
      guard let needed = parameter.presentFromLayers, case .integer(let layers)? = value else { return true }
      return layers >= needed
    }
  }

  /// A point drawn by keys: each present parameter by a key of its own.
  public func point(drawnBy generator: (_ parameter: Int) -> KeyedGenerator, at index: UInt64) -> Point {
    var point = Point()
    let places = Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ($1.name, $0) })
    if let layers {
      point[layers.name] = layers.domain.value(drawnBy: generator(places[layers.name] ?? 0), at: index)
    }
    for parameter in parameters(withLayers: point["layers"]) {
      point[parameter.name] = parameter.domain.value(drawnBy: generator(places[parameter.name] ?? 0), at: index)
    }
    return point
  }
}
