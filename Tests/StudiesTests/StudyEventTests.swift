import TestSupport
import Testing

@testable import Studies

/// The life of a study as a table: every event in every state.
@Suite struct StudyEventTests {
  struct Cell: Sendable, CustomTestStringConvertible {
    var state: StudyEventTable.State
    var event: StudyEventTable.Event
    var testDescription: String { "\(event) while \(state)" }
  }

  static let cells = StudyEventTable.State.allCases.flatMap { state in
    StudyEventTable.Event.allCases.map { Cell(state: state, event: $0) }
  }

  @Test(arguments: cells) func theTableHolds(_ cell: Cell) throws {
    var (bench, trial) = try StudyEventTable.make(cell.state)
    if cell.state != .deleted { bench.check("before") }
    var answer: String
    do throws(StudyError) {
      answer = try StudyEventTable.happen(cell.event, to: &bench, trial)
    } catch { answer = Self.word(error) }
    bench.store()
    if answer.hasPrefix("ok ") {
      #expect(answer == "ok \(bench.ledger.study.revision)", "the revision that was told is the one that is stored")
      answer = "ok"
    }
    let state = bench.study?.state.rawValue ?? "deleted"
    let found =
      (answer.isEmpty ? "" : answer + "; ") + state
      + (bench.stored.isEmpty ? "" : ": " + bench.stored.joined(separator: ", "))
      + (bench.cancelled == 0 ? "" : " (\(bench.cancelled) cancelled)")
    let expected = try #require(
      StudyEventTable.expected[cell.state]?[cell.event], "the table says nothing of this event in this state")
    #expect(found == expected)
    guard bench.study != nil else { return }
    bench.check("after")
    // Nothing more happens by itself, and what is stored is all that there is to know.
    bench.wake()
    #expect(bench.stored.isEmpty)
    let held = bench.ledger.running
    expectSame(bench.ledger, try bench.replayed(held: held))
  }

  private static func word(_ error: StudyError) -> String {
    switch error {
    case .unknownStudy: "unknown"
    case .unknownTrial, .leaseLost: "refused"
    case .invalid: "invalid"
    case .conflict: "conflict"
    case .preconditionFailed: "precondition"
    case .nameTaken, .unknownComparison, .comparisonTaken, .shuttingDown, .unavailable, .store: "\(error)"
    }
  }
}
