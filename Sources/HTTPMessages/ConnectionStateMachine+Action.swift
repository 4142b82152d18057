extension ConnectionStateMachine {
  /// What the owner of the socket must do, in order.
  public enum Action: Sendable {
    // For the handler.

    /// Hand a request that is whole to the handler, and call `respond` with its answer.
    case handleCollected(HTTPRequest)
    /// Hand the request to the handler with a reader of its body, and call `respond` with its answer. Of the three
    /// actions that follow, the first may come often, and one of the others comes last unless `respond` comes before.
    case handleStreamed(HTTPRequest)
    /// Give bytes to the reader.
    case givePiece([UInt8])
    /// Tell the reader that the body is whole.
    case endBody
    /// Tell the reader that nothing more of the body will come.
    case breakBody(MessageFault)

    // For the client.

    /// Write `100 Continue`.
    case sendContinue
    /// Write a response, and call `written` when all of it has gone out.
    case send(HTTPResponse, ResponseFraming)
    /// Start a stream, write what it makes, and call `endStream` when it has ended.
    case startStream(HTTPBodyStream, isChunked: Bool)
    /// Stop the stream; nothing tells the client that its body is whole.
    case cutStream

    // For the socket.

    /// When all is written: end the sending side, read on for a while, close.
    case closeWhenWritten
    /// Close at once.
    case close
  }

  /// What the connection waits for; the deadline begins anew whenever it changes.
  public enum Waiting: Sendable, Equatable {
    /// The first byte of a request.
    case request
    /// The rest of a head.
    case head
    /// More of a body; how many bytes of it have come.
    case body(received: Int)
    /// The handler or the socket.
    case answer
    /// The end of the connection.
    case end
  }
}
