import Promises
import Testing

@Suite struct LeastRecentlyUsedTests {
  @Test func theLeastRecentlyUsedLeaves() {
    var cache = LeastRecentlyUsed<String, Int>(limit: 2)
    cache.insert(1, for: "a")
    cache.insert(2, for: "b")
    #expect(cache.value(for: "a") == 1)
    cache.insert(3, for: "c")
    #expect(cache.value(for: "b") == nil && cache.value(for: "a") == 1 && cache.value(for: "c") == 3)
  }

  @Test func costsAreAddedUp() {
    var cache = LeastRecentlyUsed<String, Int>(limit: 10) { $0 }
    cache.insert(3, for: "a")
    cache.insert(4, for: "b")
    cache.insert(3, for: "c")
    #expect(cache.cost == 10 && cache.count == 3)
    // In place of its old value, which does not count any more.
    cache.insert(2, for: "a")
    #expect(cache.cost == 9 && cache.count == 3)
    // What costs more than the limit leaves with all that was there.
    cache.insert(11, for: "d")
    #expect(cache.count == 0 && cache.cost == 0)
  }

  /// Against a list that is searched from end to end, over every operation.
  @Test(arguments: 0..<20 as Range<UInt64>) func likeAPlainList(_ seed: UInt64) {
    var state = seed &* 6_364_136_223_846_793_005 &+ 1
    func draw(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    var cache = LeastRecentlyUsed<Int, Int>(limit: 12) { $0 % 5 }
    var list: [(key: Int, value: Int)] = []
    for step in 0..<400 {
      let key = draw(9)
      let place = list.firstIndex { $0.key == key }
      switch draw(3) {
      case 0:
        if let place { list.remove(at: place) }
        list.append((key, step))
        while list.reduce(0, { $0 + $1.value % 5 }) > 12 { list.removeFirst() }
        cache.insert(step, for: key)
      case 1:
        let found = place.map { list.remove(at: $0) }
        if let found { list.append(found) }
        #expect(cache.value(for: key) == found?.value)
      default:
        let found = place.map { list.remove(at: $0) }
        #expect(cache.removeValue(for: key) == found?.value)
      }
      #expect(cache.count == list.count && cache.cost == list.reduce(0) { $0 + $1.value % 5 })
    }
  }
}
