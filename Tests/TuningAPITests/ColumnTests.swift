import JSONText
import Studies
import TestSupport
import Testing

@testable import TuningAPI

/// Trials as columns, whole and thinned.
@Suite struct ColumnTests {
  private func worked(_ sizes: [Int]) async throws -> Caller {
    let caller = Caller()
    let made = try await caller.call(
      "POST", "/v1/studies", body: StudyBench.definition("one", sizes: sizes).text)
    #expect(made.status == 201)
    try await caller.bench.work(1, on: "one") { assignment in
      assignment.number == 2 ? .infeasible(reason: "no", computeSeconds: 0) : StudyBench.outcome(assignment)
    }
    return caller
  }

  @Test func everyColumnHasEveryTrial() async throws {
    let caller = try await worked([30, 20, 3])
    let columns = try await caller.json("GET", "/v1/studies/one/columns")
    #expect(columns["total"]?.integerValue == 1800)
    #expect(columns["number"]?.arrayValue?.compactMap(\.integerValue) == Array(1...1800))
    #expect(columns["state"]?.arrayValue?[1] == "infeasible" && columns["value"]?.arrayValue?[1] == .null)
    #expect(columns["parameters"]?.objectValue?.members.map(\.name) == ["a", "b", "c"])
    for number in [1, 2, 700, 1800] {
      let trial = try await caller.json("GET", "/v1/studies/one/trials/\(number)")
      for name in ["state", "value", "compute_seconds"] {
        #expect(columns[name]?.arrayValue?[number - 1] == trial[name])
      }
      for group in ["parameters", "metrics"] {
        for member in columns[group]?.objectValue?.members ?? [] {
          let value = trial[group]?[member.name] ?? .null
          #expect(member.value.arrayValue?[number - 1] == value, "\(member.name) of \(number)")
        }
      }
    }
    let best = try await caller.json("GET", "/v1/studies/one/best?count=1")["items"]?.arrayValue?.first
    let number = try #require(columns["best"]?.integerValue)
    #expect(columns["value"]?.arrayValue?[number - 1] == best?["value"])
    #expect(columns["improvements"]?.arrayValue?.last?.integerValue == number)
  }

  @Test(arguments: [1, 7, 100, 179, 180, 50_000])
  func aThinnedAnswerKeepsTheImprovements(_ points: Int) async throws {
    let caller = try await worked([10, 6, 3])
    let columns = try await caller.json("GET", "/v1/studies/one/columns?points=\(points)")
    let numbers = columns["number"]?.arrayValue?.compactMap(\.integerValue) ?? []
    let improvements = columns["improvements"]?.arrayValue?.compactMap(\.integerValue) ?? []
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    #expect(Set(improvements).isSubset(of: Set(numbers)) && !improvements.isEmpty)
    #expect(numbers.count == max(improvements.count, min(points, 180)))
    #expect(columns["total"]?.integerValue == 180)
    for name in ["state", "value", "compute_seconds"] { #expect(columns[name]?.arrayValue?.count == numbers.count) }
  }

  @Test func theMovesOfASearchAreKept() async throws {
    let caller = Caller()
    let definition = StudyBench.definition(
      "one", algorithm: ["name": "approximate_gradient", "preset": "paper", "restarts": 5], sizes: [9, 9, 9],
      budget: ["trials": 700])
    #expect(try await caller.call("POST", "/v1/studies", body: definition.text).status == 201)
    try await caller.bench.work(1, on: "one")
    let columns = try await caller.json("GET", "/v1/studies/one/columns?points=1")
    let numbers = Set(columns["number"]?.arrayValue?.compactMap(\.integerValue) ?? [])
    let trials = try await caller.json("GET", "/v1/studies/one/trials?limit=1000")["items"]?.arrayValue ?? []
    let centres = Set(trials.compactMap { $0["origin"]?["centre"]?.integerValue })
    #expect(!centres.isEmpty && centres.isSubset(of: numbers))
    #expect(Set(columns["moves"]?.arrayValue?.compactMap(\.integerValue) ?? []) == centres)
  }

  @Test func whatIsUnchangedIsNotSentAgain() async throws {
    let caller = try await worked([3, 2, 1])
    let answer = try await caller.call("GET", "/v1/studies/one/columns")
    let tag = try #require(answer.headers["ETag"])
    let again = try await caller.call("GET", "/v1/studies/one/columns", headers: [("If-None-Match", tag)])
    #expect(answer.status == 200 && answer.headers["Cairn-Event-Id"] != nil && again.status == 304)
    #expect(try await caller.call("GET", "/v1/studies/two/columns").status == 404)
    for wrong in ["0", "50001", "x", "", "-1", "1.5"] {
      #expect(try await caller.call("GET", "/v1/studies/one/columns?points=\(wrong)").status == 400)
    }
    #expect(caller.api.expensive.load == (0, 0))
  }

  @Test func aStudyWithoutTrialsHasEmptyColumns() async throws {
    let caller = Caller()
    try await caller.makeStudy("one")
    let columns = try await caller.json("GET", "/v1/studies/one/columns?points=10")
    #expect(columns["total"] == 0 && columns["best"] == .null && columns["number"] == [])
    #expect(columns["parameters"]?["a"] == [])
  }

  /// Pure: which trials are chosen, for values that rise, fall and lie about.
  @Test(arguments: [1, 10, 999, 1000], [1, 5, 100])
  func aChoiceIsBounded(_ points: Int, _ most: Int) {
    var page = TrialRows()
    for number in 1...1000 {
      // Every trial improves, and every third is moved to.
      let origin = page.add(#"{"kind":"neighbour","centre":\#(max(1, number - number % 3))}"#.utf8)
      page.rows.append(
        .init(
          number: number, state: origin, parameters: origin, value: Double(number), scores: origin, metrics: origin,
          origin: origin, error: nil, computeSeconds: nil, createdAt: 0, startedAt: nil, finishedAt: nil))
    }
    for maximize in [true, false] {
      var marks = TrialMarks(maximize: maximize)
      marks.add(page)
      #expect(marks.count == 1000 && marks.improvements == (maximize ? Array(1...1000) : [1]))
      var choice = marks.choice(min(points, most), most: most)
      let chosen = (1...1001).filter { choice.takes($0) }
      #expect(chosen.count <= most && chosen.contains(maximize ? 1000 : 1))
      #expect(chosen.count >= min(points, most) && !chosen.contains(1001))
    }
  }
}
