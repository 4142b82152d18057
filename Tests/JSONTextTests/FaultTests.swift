import JSONText
import Testing

@Suite struct FaultTests {
  @Test func aPlaceIsTold() {
    #expect(Fault(at: .root, "It is wrong.").pointer == "")
    #expect(Fault(at: .root.appending("a/b").appending(2), "It is wrong.").pointer == "/a~1b/2")
    #expect(Fault(query: "limit", "It is wrong.").pointer == "limit")
    // A member and a parameter of one name are two places.
    #expect(Fault(at: .root.appending("limit"), "") != Fault(query: "/limit", ""))
  }
}
