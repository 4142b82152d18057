@testable import HTTPMessages

/// What a state machine did.
struct Driven {
  var requests: [HTTPRequest] = []
  var statuses: [Int] = []
  var continues = 0
  var framings: [ResponseFraming] = []
  var streams = 0
  var cuts = 0
  var isClosing = false
}

/// Feeds pieces to a machine, answers every request with 200 once its body is whole, and writes everything at once.
func drive(_ machine: inout ConnectionStateMachine, _ pieces: [[UInt8]]) -> Driven {
  var driven = Driven()
  for piece in pieces where !piece.isEmpty {
    apply(piece.withUnsafeBufferPointer { machine.receive($0) }, &machine, &driven)
  }
  return driven
}

/// Carries out actions, and those that follow from them.
func apply(
  _ actions: [ConnectionStateMachine.Action], _ machine: inout ConnectionStateMachine, _ driven: inout Driven
) {
  var actions = actions
  while !actions.isEmpty {
    var following: [ConnectionStateMachine.Action] = []
    var sends = false
    for action in actions {
      switch action {
      case .sendContinue: driven.continues += 1
      case .handleCollected(let request):
        driven.requests.append(request)
        following += machine.respond(HTTPResponse(status: 200))
      case .handleStreamed(let request): driven.requests.append(request)
      case .givePiece(let bytes): driven.requests[driven.requests.count - 1].body += bytes
      case .endBody: following += machine.respond(HTTPResponse(status: 200))
      case .breakBody(let fault): following += machine.respond(fault.response)
      case .startStream: driven.streams += 1
      case .cutStream: driven.cuts += 1
      case .send(let response, let framing):
        driven.statuses.append(response.status)
        driven.framings.append(framing)
        sends = true
      case .closeWhenWritten, .close: driven.isClosing = true
      }
    }
    if sends { following += machine.written() }
    actions = following
  }
}
