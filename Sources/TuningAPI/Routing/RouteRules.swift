/// Which names a query may have.
enum QueryRule: Sendable, ExpressibleByArrayLiteral {
  /// These, each once.
  case names([String])
  /// These, each once, and another that may come more than once.
  case namesAndMany([String], many: String)
  /// Any: probes, scrapers and load balancers add queries of their own. None is read.
  case ignored

  init(arrayLiteral names: String...) { self = .names(names) }

  /// The names that are read; nil where a query is ignored.
  var known: [String]? {
    switch self {
    case .names(let names): names
    case .namesAndMany(let names, let many): names + [many]
    case .ignored: nil
    }
  }

  /// Whether a name may come more than once.
  func mayRepeat(_ name: String) -> Bool {
    if case .namesAndMany(_, let many) = self { many == name } else { false }
  }
}

/// How a body is taken.
enum BodyRule: Sendable {
  /// None is asked for; what comes is not read.
  case none
  /// JSON of these media types, as a whole.
  case json([String] = ["application/json"])
  /// Text as a whole, or whatever else comes: its bytes are kept as they are.
  case text
  /// JSON as a whole, or another media type as a stream of at most this many bytes.
  case jsonOrStream(String, maximum: Int)

  /// The media types that it takes as JSON.
  var jsonTypes: [String] {
    switch self {
    case .none, .text: []
    case .json(let types): types
    case .jsonOrStream: ["application/json"]
    }
  }

  /// The most bytes of what is taken as a stream; nil where nothing is.
  var streamLimit: Int? {
    if case .jsonOrStream(_, let maximum) = self { maximum } else { nil }
  }

  /// All media types that it takes.
  var types: [String] {
    switch self {
    case .jsonOrStream(let type, _): jsonTypes + [type]
    case .text: ["text/plain"]
    case .none, .json: jsonTypes
    }
  }
}

/// Whether a request with an `Idempotency-Key` is answered as it was the first time.
enum ReplayRule: Sendable {
  /// Nothing is kept: the method is not POST, or the answer is a secret, as a session's cookie.
  case never
  /// Every answer that another try cannot improve.
  case always
  /// All but 202, after which the same request gets another answer.
  case unlessAccepted

  /// Whether an answer of this status is kept.
  func keeps(_ status: Int) -> Bool {
    switch self {
    case .never: false
    case .always: status < 500 && status != 429
    case .unlessAccepted: status < 500 && status != 429 && status != 202
    }
  }
}

/// Who may ask.
enum AccessRule: Sendable {
  /// Everybody, a probe for one.
  case open
  /// Who shows the token or a session, where a token is set.
  case caller
  /// Who shows the token itself: a session is made from that alone, so that one that was stolen ends.
  case tokenAlone
}
