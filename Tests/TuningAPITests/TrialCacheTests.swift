import HTTPMessages
import JSONText
import TestSupport
import Testing

@testable import TuningAPI

/// The bytes of finished trials.
@Suite struct TrialCacheTests {
  private func entry(_ bytes: Int, _ position: Int = 1) -> TrialCache.Entry {
    TrialCache.Entry(body: [UInt8](repeating: 0, count: bytes), tag: "\"t\"", position: position)
  }

  @Test func whatIsAskedForStays() {
    let cache = TrialCache(bytes: 20_000)
    for number in 1...100 {
      cache.keep(entry(800), TrialCache.Key(study: "a", number: number), epoch: cache.epoch)
      #expect(cache.find(TrialCache.Key(study: "a", number: 1)) != nil, "\(number)")
    }
    let kept = (1...100).filter { cache.find(TrialCache.Key(study: "a", number: $0)) != nil }
    #expect(kept.contains(100) && !kept.contains(2) && kept.count <= 22)
    #expect(cache.find(TrialCache.Key(study: "b", number: 100)) == nil)
  }

  @Test func whatWasReadBeforeADeletionIsNotKept() {
    let cache = TrialCache()
    let key = TrialCache.Key(study: "a", number: 1)
    let epoch = cache.epoch
    cache.keep(entry(1), key, epoch: epoch)
    #expect(cache.find(key) != nil)
    cache.clear()
    #expect(cache.find(key) == nil)
    cache.keep(entry(1), key, epoch: epoch)
    #expect(cache.find(key) == nil)
  }

  @Test func finishedTrialsAreAnsweredAlikeUntilTheirStudyIsGone() async throws {
    let caller = Caller()
    let path = "/v1/studies/kept/trials/1"
    try await caller.makeStudy("kept")
    #expect(try await caller.call("GET", path).status == 404)
    try await caller.bench.work(2, on: "kept")
    let first = try await caller.call("GET", path)
    let again = try await caller.call("GET", path)
    #expect(first.status == 200 && again.body == first.body && again.headers["ETag"] == first.headers["ETag"])
    #expect(caller.api.finishedTrials.find(TrialCache.Key(study: "kept", number: 1)) != nil)
    let tag = try #require(first.headers["ETag"])
    #expect(try await caller.call("GET", path, headers: [("If-None-Match", tag)]).status == 304)
    #expect(try await caller.call("GET", path, headers: [("Accept", "text/html")]).status == 406)
    #expect(try await caller.call("GET", path + "?a=b").status == 400)
    for other in ["01", "+1", "1.0"] {
      #expect(try await caller.call("GET", "/v1/studies/kept/trials/\(other)").status == 404, "\(other)")
    }
    // A later answer reflects what was told in between.
    #expect(try await caller.call("PATCH", "/v1/studies/kept", body: "{\"notes\": \"later\"}").status == 200)
    let place = try #require(try await caller.call("GET", path).headers["Cairn-Event-Id"].flatMap { Int($0) })
    #expect(try place > #require(first.headers["Cairn-Event-Id"].flatMap { Int($0) }))
    #expect(try await caller.call("DELETE", "/v1/studies/kept").status == 204)
    #expect(try await caller.call("GET", path).status == 404)
    try await caller.makeStudy("kept")
    #expect(try await caller.call("GET", path).status == 404)
  }
}
