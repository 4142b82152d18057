import Testing

@testable import SearchSpace

@Suite struct UnitCubeTests {
  static let ranges = ParameterSpace([
    Parameter(name: "rate", domain: .realRange(minimum: 1e-5, maximum: 10, scale: .log)),
    Parameter(name: "share", domain: .realRange(minimum: -0.5, maximum: 0.9, scale: .linear)),
    Parameter(name: "units", domain: .integerRange(minimum: 1, maximum: 4096, scale: .log)),
    Parameter(name: "steps", domain: .integerRange(minimum: -3, maximum: 1_000_000, scale: .linear)),
    levels("batch", [8, 16, 128]), levels("only", [7]), names("kind", ["x", "y", "z"]),
    Parameter(
      name: "decay", domain: .realRange(minimum: 0.1, maximum: 0.2, scale: .linear),
      condition: Condition("kind", .oneOf([.string("y")]))),
  ])

  @Test(arguments: GridTests.spaces) func everyPointOfAGridComesBack(_ space: ParameterSpace) throws {
    let grid = try #require(Grid(space))
    let cube = UnitCube(space)
    var met: Set<[Double]> = []
    for index in 0..<grid.count {
      let point = grid.point(at: index)
      let coordinates = cube.coordinates(of: point)
      #expect(coordinates.count == cube.dimension && coordinates.allSatisfy { (0...1).contains($0) })
      #expect(cube.point(at: coordinates) == point)
      met.insert(coordinates)
    }
    #expect(met.count == Int(grid.count), "two points have the same coordinates")
  }

  @Test func pointsOfRangesComeBackNearly() {
    let cube = UnitCube(Self.ranges)
    #expect(cube.dimension == 7 + 3)
    for index in 0..<3000 {
      let point = Self.ranges.point(drawnBy: { KeyedGenerator(seed: 5, key: [UInt64($0)]) }, at: UInt64(index))
      let back = cube.point(at: cube.coordinates(of: point))
      #expect(Set(back.values.keys) == Set(point.values.keys))
      for (name, value) in point.values {
        guard case .real(let number) = value, case .real(let other)? = back[name] else {
          #expect(back[name] == value, "\(name)")
          continue
        }
        #expect(abs(other - number) <= 1e-13 * max(1, abs(number)))
      }
    }
  }

  @Test func scalesAndEnds() {
    let cube = UnitCube(Self.ranges)
    func coordinate(_ name: String, _ value: ParameterValue) -> Double {
      let place = Self.ranges.parameters.firstIndex { $0.name == name } ?? 0
      let before = Self.ranges.parameters[..<place].count + (name > "kind" ? 2 : 0)
      return cube.coordinates(of: Point([name: value]))[before]
    }
    #expect(coordinate("rate", .real(1e-5)) == 0 && coordinate("rate", .real(10)) == 1)
    #expect(abs(coordinate("rate", .real(0.01)) - 0.5) < 1e-12)
    #expect(coordinate("batch", .integer(16)) == 0.5 && coordinate("only", .integer(7)) == 0.5)
    #expect(coordinate("steps", .integer(-3)) == 0 && coordinate("steps", .integer(1_000_000)) == 1)
  }

  @Test func anyCoordinatesGiveAPoint() {
    let cube = UnitCube(Self.ranges)
    for value in [-5, 0, 0.3, 1, 7, Double.nan, .infinity, -.infinity] {
      let point = cube.point(at: [Double](repeating: value, count: cube.dimension))
      #expect(point["kind"] == .string("x") && point["decay"] == nil)
      #expect(cube.coordinates(of: point).allSatisfy { (0...1).contains($0) })
    }
  }
}
