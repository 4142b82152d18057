import Testing

@testable import SearchSpace

func levels(
  _ name: String, _ values: [Int], when condition: Condition? = nil, isStructural: Bool = false
) -> Parameter {
  Parameter(
    name: name, domain: .levels(values.map { .integer($0) }), condition: condition, isStructural: isStructural)
}

func names(_ name: String, _ names: [String], when condition: Condition? = nil) -> Parameter {
  Parameter(name: name, domain: .categories(names.map { .string($0) }), condition: condition)
}

@Suite struct GridTests {
  static let spaces: [ParameterSpace] = [
    ParameterSpace([levels("a", [1, 5, 9])]),
    ParameterSpace([levels("b", [1, 2]), levels("a", [3, 4, 5]), levels("c", [7])]),
    staged,
    ParameterSpace([Parameter(name: "n", domain: .integerRange(minimum: -2, maximum: 3, scale: .linear))]),
    // A tree of conditions: the momentum has its schedule only where there is a momentum.
    ParameterSpace([
      names("optimizer", ["plain", "heavy_ball", "adam"]), levels("batch", [8, 16, 32]),
      levels("momentum", [0, 5, 9], when: Condition("optimizer", .oneOf([.string("heavy_ball")]))),
      names("schedule", ["none", "rising"], when: Condition("momentum", .atLeast(5))),
      levels("beta", [90, 99], when: Condition("optimizer", .oneOf([.string("adam"), .string("nadam")]))),
    ]),
    // Two that decide, one of them a range, and a condition on what is not tuned.
    ParameterSpace([
      Parameter(name: "depth", domain: .integerRange(minimum: 1, maximum: 6, scale: .linear)),
      levels("width", [1, 2], when: Condition("depth", .atMost(3))),
      levels("skip", [0, 1], when: Condition("depth", .oneOf([.integer(2), .integer(5)]))),
      names("pool", ["max", "none"]), levels("stride", [1, 2, 3], when: Condition("pool", .oneOf([.string("max")]))),
      levels("always", [1, 2], when: Condition("constant", .atLeast(4))),
    ]),
  ]

  /// Stages 2 and 3 have a rate of their own.
  static let staged = ParameterSpace([
    levels("stages", [1, 2, 3], isStructural: true), levels("a_rate", [2, 4]),
    levels("b_rate", [1, 2, 3], when: Condition("stages", .atLeast(2))),
    levels("z_rate", [5, 6], when: Condition("stages", .atLeast(3))),
    Parameter(name: "kind", domain: .categories([.string("x"), .boolean(true), .real(0.5)])),
  ])

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

  /// Every point by nested loops, the structural parameter outermost: the order that stored studies depend on.
  @Test func whatDecidesVariesSlowest() throws {
    let grid = try #require(Grid(Self.staged))
    let kinds: [ParameterValue] = [.string("x"), .boolean(true), .real(0.5)]
    var expected: [Point] = []
    for stages in 1...3 {
      for z in stages >= 3 ? [5, 6] : [nil] {
        for kind in kinds {
          for b in stages >= 2 ? [1, 2, 3] : [nil] {
            for a in [2, 4] {
              var point = Point(["stages": .integer(stages), "a_rate": .integer(a), "kind": kind])
              point["b_rate"] = b.map { .integer($0) }
              point["z_rate"] = z.map { .integer($0) }
              expected.append(point)
            }
          }
        }
      }
    }
    #expect((0..<grid.count).map { grid.point(at: $0) } == expected)
    #expect(Self.staged.gridSize == 3 * (2 + 2 * 3 + 2 * 3 * 2))
  }

  @Test func aStructuralParameterVariesSlowestWithoutConditions() throws {
    let grid = try #require(Grid(ParameterSpace([levels("a", [1, 2], isStructural: true), levels("b", [3, 4])])))
    #expect((0..<4).map { grid.point(at: $0)["a"] } == [1, 1, 2, 2].map { .integer($0) })
  }

  /// Points by brute force: every combination, with what is absent taken away.
  @Test(arguments: spaces) func exactlyThePointsThatConditionsAllow(_ space: ParameterSpace) throws {
    var combinations = [Point()]
    for parameter in space.parameters {
      let count = try #require(parameter.domain.levelCount)
      combinations = combinations.flatMap { point in
        (0..<count).map { level in
          var longer = point
          longer[parameter.name] = parameter.domain.level(at: level)
          return longer
        }
      }
    }
    func isPresent(_ parameter: Parameter, in point: Point) -> Bool {
      guard let condition = parameter.condition,
        let parent = space.parameters.first(where: { $0.name == condition.parameter })
      else { return true }
      return isPresent(parent, in: point) && condition.isMet(by: point[parent.name])
    }
    let allowed = combinations.map { point in
      Point(
        Dictionary(
          uniqueKeysWithValues: space.parameters.filter { isPresent($0, in: point) }.map { ($0.name, point[$0.name]!) })
      )
    }
    let grid = try #require(Grid(space))
    #expect(Set((0..<grid.count).map { grid.point(at: $0) }) == Set(allowed))
  }

  /// However long the range is that decides, the grid is made at once; beyond 64 bits the first points are still right.
  @Test func longRangesDecide() throws {
    func space(_ others: Int) -> ParameterSpace {
      ParameterSpace(
        [
          Parameter(name: "n", domain: .integerRange(minimum: 1, maximum: 1 << 40, scale: .linear)),
          levels("late", [1, 2, 3], when: Condition("n", .atLeast(1000.5))),
        ] + (0..<others).map { levels("p\($0)", Array(0..<10_000)) })
    }
    let grid = try #require(Grid(space(1)))
    #expect(grid.count == 10_000 * (1000 + 3 * ((1 << 40) - 1000)))
    for index in [0, 9_999_999, 10_000_000, 10_000_001, grid.count - 1] {
      let point = grid.point(at: index)
      #expect((point["late"] != nil) == (index >= 10_000_000))
      #expect(grid.index(of: point) == index)
    }
    let huge = try #require(Grid(space(9)))
    #expect(huge.isSaturated && huge.point(at: 12_345)["n"] == .integer(1))
    #expect(huge.index(of: huge.point(at: 12_345)) == 12_345)
  }

  @Test func parametersInACircleAreAbsent() throws {
    let space = ParameterSpace([
      levels("a", [1, 2], when: Condition("b", .atLeast(0))), levels("b", [1, 2], when: Condition("a", .atLeast(0))),
      levels("c", [1, 2, 3]),
    ])
    let grid = try #require(Grid(space))
    #expect(grid.count == 3 && grid.point(at: 2) == Point(["c": .integer(3)]))
    #expect(grid.index(of: Point(["c": .integer(3)])) == 2)
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

  @Test func parametersComeAndGoWithWhatDecides() {
    let point = Point([
      "stages": .integer(2), "a_rate": .integer(4), "b_rate": .integer(3), "kind": .string("x"),
    ])
    let steps = GridTests.staged.neighbours(of: point).filter { $0.axis == "stages" }
    #expect(steps.map(\.direction) == [.down, .up])
    #expect(steps[0].point == Point(["stages": .integer(1), "a_rate": .integer(4), "kind": .string("x")]))
    #expect(steps[1].point["z_rate"] == .integer(5) && steps[1].point["b_rate"] == .integer(3))
  }

  /// A step that makes a parameter present brings in those that this one decides about, at their first levels.
  @Test func aStepCrossesTwoConditions() {
    let space = ParameterSpace([
      names("optimizer", ["plain", "heavy_ball"]),
      levels("momentum", [5, 9], when: Condition("optimizer", .oneOf([.string("heavy_ball")]))),
      names("schedule", ["rising", "none"], when: Condition("momentum", .atLeast(5))),
    ])
    let plain = Point(["optimizer": .string("plain")])
    let heavy = Point(["optimizer": .string("heavy_ball"), "momentum": .integer(5), "schedule": .string("rising")])
    #expect(space.neighbours(of: plain).map(\.point) == [heavy])
    #expect(space.neighbours(of: heavy).filter { $0.axis == "optimizer" }.map(\.point) == [plain])
  }

  @Test(arguments: GridTests.spaces) func everyNeighbourIsAPointAndKnowsTheWayBack(_ space: ParameterSpace) throws {
    let grid = try #require(Grid(space))
    for index in 0..<grid.count {
      let point = grid.point(at: index)
      for neighbour in space.neighbours(of: point) {
        #expect(grid.index(of: neighbour.point) != nil)
        let decides = space.parameters.contains { $0.condition?.parameter == neighbour.axis }
        if !decides {
          #expect(space.neighbours(of: neighbour.point).contains { $0.point == point })
        }
      }
    }
  }
}
