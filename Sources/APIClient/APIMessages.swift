/// A request to a service.
public struct APIRequest: Sendable, Hashable {
  /// `GET`, `POST`, and so on.
  public var method: String
  /// What follows the address: `/v1/studies/x?limit=1`.
  public var path: String
  /// The body and its media type.
  public var body: [UInt8]?
  public var contentType = "application/json"
  /// How long the whole answer may take, in seconds.
  public var seconds: Double

  /// Makes a request.
  public init(
    _ method: String, _ path: String, body: [UInt8]? = nil, contentType: String = "application/json",
    seconds: Double = 30
  ) {
    self.method = method
    self.path = path
    self.body = body
    self.contentType = contentType
    self.seconds = seconds
  }
}

/// A whole answer.
public struct APIAnswer: Sendable, Hashable {
  public var status: Int
  /// Fields of the header by name, in lower case; of a repeated one the last.
  public var fields: [String: String]
  public var body: [UInt8]

  /// Makes an answer.
  public init(status: Int, fields: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }
}

/// Why there is no answer.
public enum APIFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The request was given up because `isWanted` said so.
  case cancelled
  /// The service was not reached, or its answer not to its end, in libcurl's words.
  case unreachable(String)

  public var description: String {
    switch self {
    case .cancelled: "the request was given up"
    case .unreachable(let reason): reason
    }
  }
}
