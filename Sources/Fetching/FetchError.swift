/// Why a file could not be fetched.
public enum FetchError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A machine that must not be asked.
  case forbiddenAddress(String)
  /// More bytes than allowed.
  case tooLarge(limit: Int)
  /// It took longer than allowed, in seconds, or nothing came for some time.
  case tooSlow
  /// The server's answer was no 200.
  case status(Int)
  case tooManyRedirects(limit: Int)
  /// What came is not what was asked for.
  case wrongSHA256(found: String)
  case cancelled
  /// The file could not be written.
  case disk(String)
  /// Anything else, in libcurl's words.
  case failed(String)

  public var description: String {
    switch self {
    case .forbiddenAddress(let address):
      "\(address) is not an address of the public internet; the service fetches nothing from it"
    case .tooLarge(let limit): "it has more than the \(limit) bytes that are allowed"
    case .tooSlow: "it took too long"
    case .status(let status): "the server answered with status \(status)"
    case .tooManyRedirects(let limit): "it was redirected more than \(limit) times"
    case .wrongSHA256(let found): "its sha256 is \(found), which is not the one that was given"
    case .cancelled: "it was cancelled"
    case .disk(let reason): "it could not be written: \(reason)"
    case .failed(let reason): reason
    }
  }
}

/// What fetching may take.
public struct FetchLimits: Sendable, Hashable {
  /// Bytes of a file.
  public var bytes: Int
  /// Seconds for a file.
  public var seconds: Int
  /// How often a server may send on to another address.
  public var redirects = 5
  /// Seconds until a connection is open.
  public var connectSeconds = 10
  /// Seconds below 1 KiB/s after which it is given up.
  public var stallSeconds = 30

  /// Makes limits.
  public init(bytes: Int = 512 << 20, seconds: Int = 3600) {
    self.bytes = bytes
    self.seconds = seconds
  }
}
