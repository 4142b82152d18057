import Testing

@testable import HTTPMessages

/// The life of a connection as a table: every event in every state.
@Suite struct ConnectionEventTests {
  struct Cell: Sendable, CustomTestStringConvertible {
    var state: ConnectionEventTable.State
    var event: ConnectionEventTable.Event
    var testDescription: String { "\(event) while \(state)" }
  }

  static let cells = ConnectionEventTable.State.allCases.flatMap { state in
    ConnectionEventTable.Event.allCases.map { Cell(state: state, event: $0) }
  }

  @Test(arguments: cells) func theTableHolds(_ cell: Cell) throws {
    let row = try #require(ConnectionEventTable.expected[cell.state], "the table says nothing of this state")
    var machine = ConnectionEventTable.make(cell.state)
    #expect(ConnectionEventTable.describe([], machine) == row.before)
    let actions = ConnectionEventTable.happen(cell.event, in: cell.state, to: &machine)
    #expect(ConnectionEventTable.describe(actions, machine) == row.after[cell.event] ?? row.before)
    guard machine.waiting == .end else { return }
    // Nothing follows the end.
    let last = ConnectionEventTable.describe([], machine)
    for event in ConnectionEventTable.Event.allCases {
      let more = ConnectionEventTable.happen(event, in: cell.state, to: &machine)
      #expect(ConnectionEventTable.describe(more, machine) == last, "\(event)")
    }
  }

  @Test func aRefusedConnectionIsOver() {
    var machine = ConnectionStateMachine()
    let actions = machine.refuse(HTTPResponse(status: 503))
    #expect(ConnectionEventTable.describe(actions, machine) == "503 last, close then, end")
  }
}
