import Testing

@testable import SearchSpace

func levels(_ name: String, _ values: [Int], from layers: Int? = nil) -> Parameter {
  Parameter(name: name, domain: .levels(values.map { .integer($0) }), presentFromLayers: layers)
}

@Suite struct GridTests {
  static let spaces: [ParameterSpace] = [
    ParameterSpace([levels("a", [1, 5, 9])]),
    ParameterSpace([levels("b", [1, 2]), levels("a", [3, 4, 5]), levels("c", [7])]),
    ParameterSpace([
      levels("layers", [1, 2, 3]), levels("units_1", [2, 4]), levels("units_2", [1, 2, 3], from: 2),
      levels("units_3", [5, 6], from: 3),
      Parameter(name: "kind", domain: .categories([.string("x"), .boolean(true), .real(0.5)])),
    ]),
    ParameterSpace([Parameter(name: "n", domain: .integerRange(minimum: -2, maximum: 3, scale: .linear))]),
  ]

  @Test(arguments: spaces) func everyPointOnce(_ space: ParameterSpace) throws {
    let grid = try #require(Grid(space))
    let points = (0..<grid.count).map { grid.point(at: $0) }
    #expect(Set(points).count == points.count)
    for (index, point) in points.enumerated() { #expect(grid.index(of: point) == UInt64(index)) }
  }

  @Test func theFirstParameterVariesFastest() throws {
    let grid = try #require(Grid(Self.spaces[1]))
    #expect(grid.count == 6)
    #expect((0..<4).map { grid.point(at: $0)["a"] } == [3, 4, 5, 3].map { .integer($0) })
    #expect((0..<4).map { grid.point(at: $0)["b"] } == [1, 1, 1, 2].map { .integer($0) })
  }

  @Test func layersVarySlowestAndDropWhatIsAbove() throws {
    let grid = try #require(Grid(Self.spaces[2]))
    #expect(grid.count == 3 * (2 + 2 * 3 + 2 * 3 * 2))
    #expect(grid.point(at: 0).values.count == 3)
    #expect(grid.point(at: grid.count - 1).values.count == 5)
    let layers = (0..<grid.count).map { grid.point(at: $0)["layers"]?.number ?? 0 }
    #expect(layers == layers.sorted())
  }

  @Test func pointsThatAreNotOfTheGridHaveNoIndex() throws {
    let grid = try #require(Grid(Self.spaces[1]))
    #expect(grid.index(of: Point(["a": .integer(6), "b": .integer(1), "c": .integer(7)])) == nil)
    #expect(grid.index(of: Point(["a": .integer(3), "b": .integer(1)])) == nil)
    #expect(
      Grid(ParameterSpace([Parameter(name: "x", domain: .realRange(minimum: 0, maximum: 1, scale: .linear))])) == nil)
  }

  @Test func sixtyFourParametersOfTenThousandLevels() throws {
    let space = ParameterSpace((0..<64).map { levels("p\($0)", Array(0..<10_000)) })
    let grid = try #require(Grid(space))
    #expect(grid.isSaturated && grid.count == .max)
    let point = grid.point(at: 123_456_789_012)
    #expect(grid.index(of: point) == 123_456_789_012)
    #expect(grid.index(of: Point(Dictionary(uniqueKeysWithValues: (0..<64).map { ("p\($0)", .integer(9999)) }))) == nil)
  }
}

@Suite struct NeighbourTests {
  @Test func pollOrder() {
    let space = ParameterSpace([
      levels("b", [1, 4, 9]), Parameter(name: "a", domain: .categories([.string("x"), .string("y"), .string("z")])),
      levels("c", [5, 6]),
    ])
    let found = space.neighbours(of: Point(["a": .string("y"), "b": .integer(4), "c": .integer(5)]))
    #expect(found.map(\.axis) == ["a", "a", "b", "b", "c"])
    #expect(found.map(\.direction) == [.other, .other, .down, .up, .up])
    #expect(found.map(\.spacing) == [nil, nil, -3, 5, 1])
    #expect(found[0].point["a"] == .string("x") && found[1].point["a"] == .string("z"))
  }

  @Test func parametersComeAndGoWithLayers() {
    let space = GridTests.spaces[2]
    let point = Point([
      "layers": .integer(2), "units_1": .integer(4), "units_2": .integer(3), "kind": .string("x"),
    ])
    let steps = space.neighbours(of: point).filter { $0.axis == "layers" }
    #expect(steps.map(\.direction) == [.down, .up])
    #expect(steps[0].point == Point(["layers": .integer(1), "units_1": .integer(4), "kind": .string("x")]))
    #expect(steps[1].point["units_3"] == .integer(5) && steps[1].point["units_2"] == .integer(3))
  }

  @Test(arguments: GridTests.spaces) func everyNeighbourIsAPointAndKnowsTheWayBack(_ space: ParameterSpace) throws {
    let grid = try #require(Grid(space))
    for index in 0..<grid.count {
      let point = grid.point(at: index)
      for neighbour in space.neighbours(of: point) {
        #expect(grid.index(of: neighbour.point) != nil)
        if neighbour.axis != "layers" {
          #expect(space.neighbours(of: neighbour.point).contains { $0.point == point })
        }
      }
    }
  }
}
