/// Why a server could not start; its description is one sentence for a person.
public enum ServerError: Error, Equatable, CustomStringConvertible {
  /// Another process listens there.
  case addressInUse(BoundAddress)
  /// The host has no address, or the port is none.
  case unknownAddress(BoundAddress, reason: String)
  /// The system refused to listen there.
  case cannotListen(BoundAddress, reason: String)
  /// The system gave no descriptors.
  case noResources(reason: String)
  /// The process may open too few files.
  case tooFewFiles(limit: Int, needed: Int)
  /// `start` was called a second time.
  case alreadyStarted

  public var description: String {
    switch self {
    case .addressInUse(let address):
      "Cannot listen on \(address): port \(address.port) is already in use on \(address.host)."
    case .unknownAddress(let address, let reason): "Cannot listen on \(address): \(reason)."
    case .cannotListen(let address, let reason): "Cannot listen on \(address): \(reason)."
    case .noResources(let reason): "Cannot start the HTTP server: \(reason)."
    case .tooFewFiles(let limit, let needed):
      "The process may open \(limit) files, and needs at least \(needed): raise the limit (ulimit -n, LimitNOFILE)."
    case .alreadyStarted: "The HTTP server was started already."
    }
  }
}
