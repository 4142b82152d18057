import Testing

@testable import SearchSpace

@Suite struct DomainScaleTests {
  private static let ranges: [Parameter.Domain] = [
    .realRange(minimum: 1e-5, maximum: 10, scale: .log), .realRange(minimum: -0.5, maximum: 0.9, scale: .linear),
    .integerRange(minimum: 1, maximum: 4096, scale: .log),
    .integerRange(minimum: -3, maximum: 1_000_000, scale: .linear),
  ]

  @Test(arguments: ranges) func placesComeBackNearly(_ range: Parameter.Domain) {
    #expect(range.coordinate(of: range.value(at: 0)) == 0 && range.coordinate(of: range.value(at: 1)) == 1)
    var before = -1.0
    for step in 0...1000 {
      let value = range.value(at: Double(step) / 1000)
      let place = range.coordinate(of: value)
      #expect((0...1).contains(place) && place >= before)
      if case .real = value { #expect(abs(place - Double(step) / 1000) < 1e-12) }
      #expect(range.value(at: place).number.map { abs($0 - value.number!) <= 1e-9 * abs($0) } == true)
      before = place
    }
  }

  @Test func endsAreExact() {
    let range = Parameter.Domain.realRange(minimum: 0.1, maximum: 0.7, scale: .log)
    #expect(range.value(at: 0) == .real(0.1) && range.value(at: 1) == .real(0.7))
    #expect(range.coordinate(of: .real(0.01)) == 0 && range.coordinate(of: .real(9)) == 1)
    #expect(range.coordinate(of: .string("x")) == 0.5)
    #expect(abs(Self.ranges[0].coordinate(of: .real(0.01)) - 0.5) < 1e-12)
  }

  @Test func numbersLieBetweenLevels() {
    let domain = Parameter.Domain.levels([.integer(1), .integer(2), .integer(10)])
    let places = [(0.5, 0.0), (1, 0), (1.5, 0.5), (2, 1), (4, 1.25), (10, 2), (99, 2)]
    for (number, place) in places { #expect(domain.placeBetweenLevels(of: .real(number)) == place) }
    #expect(
      Parameter.Domain.integerRange(minimum: 3, maximum: 9, scale: .linear).placeBetweenLevels(of: .real(4.5)) == 1.5)
  }
}
